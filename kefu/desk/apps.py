from django.apps import AppConfig


class Desk(AppConfig):
    name = "kefu.desk"
    label = "desk"

    def ready(self) -> None:
        from kefu.accounts.settings import registry  # noqa: PLC0415 - models are loaded only now
        from kefu.desk.settings.pages import PAGES  # noqa: PLC0415 - as above
        from kefu.desk.topics import DESK_TOPICS  # noqa: PLC0415 - as above
        from kefu.realtime import topics  # noqa: PLC0415

        topics.register(DESK_TOPICS)
        for page in PAGES:
            registry.register(page)
