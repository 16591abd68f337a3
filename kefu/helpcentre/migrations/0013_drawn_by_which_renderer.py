from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('helpcentre', '0012_what_programs_send'),
    ]

    operations = [
        migrations.AddField(
            model_name='translation',
            name='renderer',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
