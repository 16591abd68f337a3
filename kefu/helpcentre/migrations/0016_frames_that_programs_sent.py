from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('helpcentre', '0015_days_of_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='sent',
            field=models.JSONField(default=dict),
        ),
    ]
