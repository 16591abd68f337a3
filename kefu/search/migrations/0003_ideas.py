import django.db.models.deletion
from django.db import migrations, models

import kefu.safety.fields
import kefu.search.models


class Migration(migrations.Migration):
    """The index is made anew, with ideas and by things: the worker fills it, or `kefu reindex`.

    The columns that every search asks for come first, so the table is made and not altered.
    """

    dependencies = [('brands', '__first__'), ('search', '0002_words')]

    operations = [
        migrations.DeleteModel(name='Document'),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.brand')),
                ('thing', models.BigIntegerField()),
                ('audience', models.CharField(max_length=12)),
                ('source', models.CharField(max_length=40)),
                ('object_id', models.BigIntegerField()),
                ('language', models.CharField(max_length=12)),
                ('shelf', models.CharField(blank=True, max_length=60)),
                ('edition', models.CharField(max_length=16)),
                ('path', models.CharField(max_length=400)),
                ('title', kefu.safety.fields.PlainTextField()),
                ('label', kefu.safety.fields.PlainTextField(blank=True)),
                ('body', kefu.safety.fields.PlainTextField(blank=True)),
                ('folded', kefu.safety.fields.PlainTextField(blank=True)),
                ('said', models.JSONField(default=dict, encoder=kefu.search.models.AsWritten)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['brand', 'audience', 'source'], name='documents_by_audience'),
                    models.Index(fields=['thing'], name='documents_of_a_thing'),
                ],
                'constraints': [models.UniqueConstraint(fields=('source', 'object_id', 'language'), name='one_document_a_language')],
            },
        ),
    ]
