from django.apps import AppConfig


class Mailroom(AppConfig):
    name = "kefu.mailroom"
    label = "mailroom"

    def ready(self) -> None:
        from kefu.accounts import announcing, merging, privacy  # noqa: PLC0415 - models are loaded only now
        from kefu.mailroom.actions import forget_letters, move_letters  # noqa: PLC0415 - as above
        from kefu.mailroom.notices import can_announce  # noqa: PLC0415 - as above
        from kefu.mailroom.privacy import PART  # noqa: PLC0415 - as above
        from kefu.safety import retention  # noqa: PLC0415 - as above

        merging.register(move_letters)
        privacy.register("mailroom", PART)
        announcing.register(can_announce)
        retention.register(retention.DataKind.LETTER, forget_letters)
