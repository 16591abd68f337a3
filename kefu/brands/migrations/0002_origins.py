from django.db import migrations, models

import kefu.brands.origins


class Migration(migrations.Migration):
    dependencies = [("brands", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="brand",
            name="origins",
            field=models.JSONField(blank=True, default=list, validators=[kefu.brands.origins.check_origins]),
        ),
    ]
