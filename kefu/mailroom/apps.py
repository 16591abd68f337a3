from django.apps import AppConfig


class Mailroom(AppConfig):
    name = "kefu.mailroom"
    label = "mailroom"

    def ready(self) -> None:
        from kefu.mailroom.actions import forget_letters  # noqa: PLC0415 - models are loaded only now
        from kefu.safety import retention  # noqa: PLC0415 - as above

        retention.register(retention.DataKind.LETTER, forget_letters)
