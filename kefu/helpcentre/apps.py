from django.apps import AppConfig


class Helpcentre(AppConfig):
    name = "kefu.helpcentre"
    label = "helpcentre"

    def ready(self) -> None:
        from kefu.helpcentre.searchable import ARTICLES  # noqa: PLC0415
        from kefu.search.registry import register  # noqa: PLC0415

        register(ARTICLES)
