from django.apps import AppConfig


class Exchange(AppConfig):
    name = "kefu.exchange"
    label = "exchange"

    def ready(self) -> None:
        from kefu.exchange.actions import forget_used_tokens  # noqa: PLC0415 - models are loaded only now
        from kefu.safety import retention  # noqa: PLC0415 - as above

        retention.register(retention.DataKind.USED_TOKEN, forget_used_tokens)
