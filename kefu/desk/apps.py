from django.apps import AppConfig


class Desk(AppConfig):
    name = "kefu.desk"
    label = "desk"

    def ready(self) -> None:
        from kefu.desk.topics import DESK_TOPICS  # noqa: PLC0415 - models are loaded only now
        from kefu.realtime import topics  # noqa: PLC0415

        topics.register(DESK_TOPICS)
