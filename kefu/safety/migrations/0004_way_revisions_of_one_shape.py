"""Revisions of official ways take the shape of all revisions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0003_way_hours")]

    operations = [
        migrations.AlterField(
            "officialwayrevision",
            "actor_kind",
            models.CharField(
                choices=[("customer", "customer"), ("agent", "agent"), ("system", "system")],
                default="agent",
                max_length=10,
            ),
        ),
    ]
