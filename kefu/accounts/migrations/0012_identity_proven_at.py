from django.db import migrations, models

PROVEN = 2


def since_the_journal_says(apps, schema_editor):
    """A proof by code counts again where the platform has since vouched for the address, or no longer does."""
    Identity = apps.get_model('accounts', 'Identity')
    proofs = apps.get_model('journal', 'Entry').objects.filter(kind='customer.address_proven').order_by('pk')
    for identity_id, at in proofs.values_list('subject_id', 'recorded_at').iterator():
        Identity.objects.filter(pk=identity_id).update(proven_at=at)
    Identity.objects.filter(proven_at__isnull=False, level__lt=PROVEN).update(
        level=PROVEN, reason='code', believed_at=models.F('proven_at')
    )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_sessions_handed_over'),
        ('journal', '0001_journal_and_cursors'),
    ]

    operations = [
        migrations.AddField(
            model_name='identity',
            name='proven_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(since_the_journal_says, migrations.RunPython.noop),
    ]
