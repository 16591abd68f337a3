from django.db import migrations

SQLITE = ("CREATE VIRTUAL TABLE search_words USING fts5(title, synonyms, headings, body, tokenize='ascii')",)
SQLITE_BACK = ("DROP TABLE search_words",)
POSTGRESQL = (
    "ALTER TABLE search_document ADD COLUMN words tsvector",
    "CREATE INDEX search_document_words ON search_document USING gin (words)",
)
POSTGRESQL_BACK = ("ALTER TABLE search_document DROP COLUMN IF EXISTS words",)


def create_words(apps, schema_editor):
    _run(schema_editor, POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def drop_words(apps, schema_editor):
    _run(schema_editor, POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK)


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """The database's own full-text index beside the documents; what it holds comes back with `kefu reindex`."""

    dependencies = [("search", "0001_documents")]

    operations = [migrations.RunPython(create_words, drop_words)]
