from django.apps import AppConfig


class Accounts(AppConfig):
    name = "kefu.accounts"
    label = "accounts"

    def ready(self) -> None:
        from kefu.accounts.sealed_secrets import seal_again  # noqa: PLC0415 - models are loaded only now
        from kefu.accounts.verbs.visitors import forget_sessions  # noqa: PLC0415 - as above
        from kefu.safety import retention, rotation  # noqa: PLC0415 - as above

        retention.register(retention.DataKind.CUSTOMER_SESSION, forget_sessions)
        rotation.register("second factors", seal_again)
