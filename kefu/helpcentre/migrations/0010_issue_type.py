from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def remember(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What a folder said last said nothing of issue types; without this every frame would look as if it was changed here."""
    articles = apps.get_model("helpcentre", "Article")
    for article in articles.objects.exclude(imported={}).iterator():
        article.imported = article.imported | {"issue_type": ""}
        article.save(update_fields=["imported"])


def forget(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    articles = apps.get_model("helpcentre", "Article")
    for article in articles.objects.exclude(imported={}).iterator():
        article.imported.pop("issue_type", None)
        article.save(update_fields=["imported"])


class Migration(migrations.Migration):
    dependencies = [
        ("helpcentre", "0009_missed_schedules"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="issue_type",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.RunPython(remember, forget),
    ]
