from django.apps import AppConfig


class Conversations(AppConfig):
    name = "kefu.conversations"
    label = "conversations"

    def ready(self) -> None:
        from kefu.conversations import registrations  # noqa: PLC0415 - models are loaded only now

        registrations.register_all()
