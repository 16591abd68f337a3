from django.apps import AppConfig

from kefu.background.wake import wake_with
from kefu.journal.rings import ring


class Journal(AppConfig):
    name = "kefu.journal"
    label = "journal"

    def ready(self) -> None:
        wake_with(ring)
