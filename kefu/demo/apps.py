from django.apps import AppConfig
from django.conf import settings


class Demo(AppConfig):
    name = "kefu.demo"
    label = "demo"

    def ready(self) -> None:
        from kefu.accounts import privacy  # noqa: PLC0415 - models are loaded only now
        from kefu.demo.ledger import Ledger  # noqa: PLC0415 - as above
        from kefu.demo.outbox import Outbox  # noqa: PLC0415 - models are loaded only now
        from kefu.demo.privacy import PART  # noqa: PLC0415 - as above
        from kefu.exchange import ledger  # noqa: PLC0415 - as above
        from kefu.mailroom.transports import stand_in  # noqa: PLC0415 - as above

        privacy.register("demo", PART)
        if settings.DEMO:
            stand_in(Outbox())
            ledger.stand_in(Ledger())
