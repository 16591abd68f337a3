"""On PostgreSQL terms are looked for by a function of the database, which always reads the index.

The planner thinks a table of a thousand rows is read sooner than its index, for it does not count what it costs to bring in
and unpack each row's words from where PostgreSQL keeps long values: that is a hundred times as much.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Of the first query how many match, of all others which.
STANDING = """
    CREATE FUNCTION search_standing(queries tsquery[]) RETURNS TABLE (place bigint, things text)
    LANGUAGE sql STABLE SET enable_seqscan = off AS $$
        SELECT asked.place, (
            SELECT CASE WHEN asked.place = 1 THEN count(*)::text ELSE string_agg(id::text, ',') END
            FROM search_thing WHERE words @@ asked.query
        ) FROM unnest(queries) WITH ORDINALITY AS asked(query, place)
    $$
"""


def make(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(STANDING)


def drop(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION search_standing(tsquery[])")


class Migration(migrations.Migration):
    dependencies = [("search", "0005_things")]

    operations = [migrations.RunPython(make, drop)]
