"""Shelves are changed at the desk: archived, and with what was before."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('brands', '0003_brand_revisions'),
        ('helpcentre', '0006_presences'),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='archived_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='category',
            name='imported',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='category',
            name='moved_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='helpcentre.category'),
        ),
        migrations.CreateModel(
            name='ShelfRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_kind', models.CharField(choices=[('customer', 'customer'), ('agent', 'agent'), ('system', 'system')], default='agent', max_length=10)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shelf_revisions', to='brands.brand')),
                ('shelf', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='helpcentre.category')),
            ],
            options={
                'ordering': ['-id'],
                'abstract': False,
                'indexes': [models.Index(fields=['shelf', 'id'], name='revisions_by_shelf')],
            },
        ),
    ]
