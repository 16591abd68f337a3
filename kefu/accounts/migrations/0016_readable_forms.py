from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations

WAITING = 'account_reauthentication_state'


def take_out(apps, schema_editor):
    """Forms that waited for a proof lay in session rows as they were typed, before they were sealed.

    A session that can't be read can't be looked through, and opens nothing: it goes.
    """
    sessions, store = apps.get_model('sessions', 'Session').objects, SessionStore()
    for key, kept in list(sessions.values_list('session_key', 'session_data')):
        held = store.decode(kept)
        # A row that is written anew at this moment is left as it is then.
        row = sessions.filter(session_key=key, session_data=kept)
        if not held:
            row.delete()
        elif WAITING in held and 'sealed' not in (held[WAITING].get('state') or {}):
            del held[WAITING]
            row.update(session_data=store.encode(held))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_one_time_code_language'),
        ('sessions', '0001_initial'),
    ]

    operations = [migrations.RunPython(take_out, migrations.RunPython.noop)]
