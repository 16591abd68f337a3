"""What a folder said last of each shelf, so that what is changed here from now on can be told apart."""

from django.db import migrations


def remember_folders(apps, schema_editor):
    """All shelves that there are came with a folder, or with the brand as if with one."""
    for shelf in apps.get_model("helpcentre", "Category").objects.all():
        shelf.imported = {
            "names": shelf.names,
            "icon": shelf.icon,
            "topic": shelf.topic,
            "place": shelf.place,
        }
        shelf.save(update_fields=["imported"])


class Migration(migrations.Migration):
    dependencies = [("helpcentre", "0007_shelves")]

    operations = [migrations.RunPython(remember_folders, migrations.RunPython.noop)]
