import django.db.models.deletion
from django.db import migrations, models

import kefu.safety.fields

SQLITE = (
    "DROP TABLE IF EXISTS search_words",
    "CREATE VIRTUAL TABLE search_words USING fts5(terms, tokenize='ascii', detail='none')",
)


# Whatever removes a thing, its words go with it, as a column would.
WITH_ITS_THING = (
    "CREATE TRIGGER search_words_go AFTER DELETE ON search_thing"
    " BEGIN DELETE FROM search_words WHERE rowid = OLD.id; END"
)


def words_of(table):
    return (
        f"ALTER TABLE {table} ADD COLUMN words tsvector",
        f"CREATE INDEX {table}_words ON {table} USING gin (words)",
    )


def nothing(apps, schema_editor):
    """What was there goes with its table."""


def words_of_documents(apps, schema_editor):
    _run(schema_editor, words_of("search_document"))


def words_of_things(apps, schema_editor):
    _run(schema_editor, words_of("search_thing"))
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute(WITH_ITS_THING)


def _run(schema_editor, postgresql):
    for statement in postgresql if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """All languages of a thing have one row of terms: they answer together, and a third of the rows is read.

    The index is made anew: the worker fills it, or `kefu reindex`.
    """

    dependencies = [('brands', '__first__'), ('search', '0004_terms')]

    operations = [
        migrations.RunPython(nothing, words_of_documents),
        migrations.DeleteModel(name='Document'),
        migrations.CreateModel(
            name='Thing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.brand')),
                ('audience', models.CharField(max_length=12)),
                ('source', models.CharField(max_length=40)),
                ('object_id', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['brand', 'audience', 'source'], name='things_by_audience')],
                'constraints': [models.UniqueConstraint(fields=('source', 'object_id'), name='one_thing_an_object')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='search.thing')),
                ('language', models.CharField(max_length=12)),
                ('shelf', models.CharField(blank=True, max_length=60)),
                ('edition', models.CharField(max_length=16)),
                ('path', models.CharField(max_length=400)),
                ('title', kefu.safety.fields.PlainTextField()),
                ('label', kefu.safety.fields.PlainTextField(blank=True)),
                ('body', kefu.safety.fields.PlainTextField(blank=True)),
                ('folded', kefu.safety.fields.PlainTextField(blank=True)),
                ('title_said', kefu.safety.fields.PlainTextField(blank=True)),
                ('body_said', kefu.safety.fields.PlainTextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('thing', 'language'), name='one_document_for_a_language')],
            },
        ),
        migrations.RunPython(words_of_things, nothing),
    ]
