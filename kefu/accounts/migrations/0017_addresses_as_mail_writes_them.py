from django.db import migrations


def rewrite(apps, schema_editor):
    """Signing in and the console look for an address as the mail system writes it; before, it was kept as it was typed.

    Where somebody else has that address, or it is none, it stays as it is.
    """
    agents = apps.get_model('accounts', 'Agent').objects
    for pk, email in list(agents.values_list('pk', 'email')):
        if email.isascii():
            continue
        name, _, domain = email.rpartition('@')
        try:
            kept = f'{name}@{domain.encode("idna").decode()}'
        except UnicodeError:
            continue
        if kept != email and not agents.filter(email=kept).exists():
            agents.filter(pk=pk).update(email=kept)


class Migration(migrations.Migration):

    dependencies = [('accounts', '0016_readable_forms')]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
