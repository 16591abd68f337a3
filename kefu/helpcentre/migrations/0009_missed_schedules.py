from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('helpcentre', '0008_what_folders_said_of_shelves'),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='missed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='revision',
            name='missed_because',
            field=models.JSONField(default=dict),
        ),
    ]
