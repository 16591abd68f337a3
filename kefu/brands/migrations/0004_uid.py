from uuid import uuid4

from django.db import migrations, models


def give_each_its_own(apps, _editor):
    for brand in apps.get_model("brands", "Brand").objects.filter(uid=None):
        brand.uid = uuid4()
        brand.save(update_fields=["uid"])


class Migration(migrations.Migration):
    dependencies = [("brands", "0003_brand_revisions")]

    operations = [
        migrations.AddField("brand", "uid", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
        migrations.AlterField(
            "brand", "uid", models.UUIDField(default=uuid4, unique=True, editable=False)
        ),
    ]
