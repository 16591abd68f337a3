from django.apps import AppConfig
from django.conf import settings


class Demo(AppConfig):
    name = "kefu.demo"
    label = "demo"

    def ready(self) -> None:
        from kefu.demo.outbox import Outbox  # noqa: PLC0415 - models are loaded only now
        from kefu.mailroom.transports import stand_in  # noqa: PLC0415 - as above

        if settings.DEMO:
            stand_in(Outbox())
