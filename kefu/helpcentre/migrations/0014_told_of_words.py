from django.db import migrations, models
from django.db.models import F


def count_as_told(apps, schema_editor):
    """No letter told of what was said before there were any; the first one is about what comes from now on."""
    feedback = apps.get_model("helpcentre", "Feedback").objects
    feedback.exclude(words="", reason="").update(told_at=F("given_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('helpcentre', '0013_drawn_by_which_renderer'),
    ]

    operations = [
        migrations.AddField(
            model_name='feedback',
            name='told_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(count_as_told, migrations.RunPython.noop),
    ]
