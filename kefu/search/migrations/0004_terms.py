from django.db import migrations

OLD_SQLITE = "CREATE VIRTUAL TABLE search_words USING fts5(title, synonyms, headings, body, tokenize='ascii')"
NEW_SQLITE = "CREATE VIRTUAL TABLE search_words USING fts5(terms, tokenize='ascii', detail='none')"
POSTGRESQL = (
    "ALTER TABLE search_document ADD COLUMN words tsvector",
    "CREATE INDEX search_document_words ON search_document USING gin (words)",
)


def create_terms(apps, schema_editor):
    _create(schema_editor, NEW_SQLITE)


def bring_words_back(apps, schema_editor):
    _create(schema_editor, OLD_SQLITE, is_back=True)


def _create(schema_editor, sqlite, is_back=False):
    if schema_editor.connection.vendor == "postgresql":
        # The table is new here, and on the way back it goes with its column.
        for statement in () if is_back else POSTGRESQL:
            schema_editor.execute(statement)
        return
    schema_editor.execute("DROP TABLE IF EXISTS search_words")
    schema_editor.execute(sqlite)


class Migration(migrations.Migration):
    """One row of terms for each document, each with the mark of its part, instead of a column for each part."""

    dependencies = [("search", "0003_ideas")]

    operations = [migrations.RunPython(create_terms, bring_words_back)]
