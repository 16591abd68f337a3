import django.utils.timezone
from django.db import migrations, models


def since_the_journal_says(apps, schema_editor):
    """An address that a code proved is believed since then, any other since it was named."""
    Identity = apps.get_model('accounts', 'Identity')
    Identity.objects.update(believed_at=models.F('created_at'))
    proofs = apps.get_model('journal', 'Entry').objects.filter(kind='customer.address_proven').order_by('pk')
    for identity_id, at in proofs.values_list('subject_id', 'recorded_at').iterator():
        Identity.objects.filter(pk=identity_id).update(believed_at=at)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_platform_identities'),
        ('journal', '0001_journal_and_cursors'),
    ]

    operations = [
        migrations.AddField(
            model_name='identity',
            name='believed_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.RunPython(since_the_journal_says, migrations.RunPython.noop),
    ]
