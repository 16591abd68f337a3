from django.db import migrations, models


def count_what_may_have_arrived(apps, schema_editor):
    """What was handed over once and is not settled has no answer yet."""
    letters = apps.get_model("mailroom", "Letter").objects
    letters.filter(settled_at=None, left_at__isnull=False).update(unanswered=1)


class Migration(migrations.Migration):

    dependencies = [
        ('mailroom', '0005_staff_door_letters'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='unanswered',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(count_what_may_have_arrived, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='letter',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Sending'), ('handing_over', 'Handing Over'), ('sent', 'Sent'), ('unsure', 'Unsure'), ('left_open', 'Left Open'), ('refused', 'Refused'), ('given_up', 'Given Up'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=12),
        ),
    ]
