"""Revisions of hours take the shape of all revisions, and say which date they are about."""

from datetime import date

from django.db import migrations, models


def say_the_date(apps, schema_editor):
    for revision in apps.get_model("waiting", "HoursRevision").objects.iterator():
        written = revision.after or revision.before
        if isinstance(written, dict) and written.get("on"):
            revision.on = date.fromisoformat(written["on"])
            revision.save(update_fields=["on"])


class Migration(migrations.Migration):
    dependencies = [("waiting", "0001_hours")]

    operations = [
        migrations.RenameField("hoursrevision", "agent_id", "actor_id"),
        migrations.AlterField("hoursrevision", "actor_id", models.BigIntegerField(null=True)),
        migrations.AddField(
            "hoursrevision",
            "actor_kind",
            models.CharField(
                choices=[("customer", "customer"), ("agent", "agent"), ("system", "system")],
                default="agent",
                max_length=10,
            ),
        ),
        migrations.AlterField("hoursrevision", "before", models.JSONField(default=dict)),
        migrations.AlterField("hoursrevision", "after", models.JSONField(default=dict)),
        migrations.AddField("hoursrevision", "on", models.DateField(null=True)),
        migrations.AddIndex(
            "hoursrevision", models.Index(fields=["team", "id"], name="hours_revisions_by_team")
        ),
        migrations.RunPython(say_the_date, migrations.RunPython.noop),
    ]
