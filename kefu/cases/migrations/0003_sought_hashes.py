"""Facts of cases can be looked for; those that are there already too."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kefu.exchange.chains.spelling import spelled_alike
from kefu.safety.tokens import keyed_hash

SOUGHT = ["coin", "network", "txid", "address", "memo"]
AT_ONCE = 500


def fill(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    fields = apps.get_model("cases", "CaseField").objects.filter(key__in=SOUGHT).only("value", "sought_hash")
    chunk = []
    for one in fields.iterator(chunk_size=AT_ONCE):
        one.sought_hash = keyed_hash(f"case field {spelled_alike(one.value)}")
        chunk.append(one)
        if len(chunk) == AT_ONCE:
            fields.bulk_update(chunk, ["sought_hash"])
            chunk = []
    fields.bulk_update(chunk, ["sought_hash"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_issue_types")]

    operations = [
        migrations.AddField(
            model_name="casefield",
            name="sought_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="casefield",
            index=models.Index(fields=["sought_hash", "file"], name="case_fields_sought"),
        ),
    ]
