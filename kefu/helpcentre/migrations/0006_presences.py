import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('helpcentre', '0005_searches'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=12)),
                ('came_at', models.DateTimeField()),
                ('changing_since', models.DateTimeField(blank=True, null=True)),
                ('ends_at', models.DateTimeField(db_index=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to=settings.AUTH_USER_MODEL)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='helpcentre.article')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'language', 'agent'), name='one_presence_a_text')],
            },
        ),
    ]
