from django.apps import AppConfig


class Livechat(AppConfig):
    name = "kefu.livechat"
    label = "livechat"

    def ready(self) -> None:
        from kefu.conversations.channels import register  # noqa: PLC0415 - rooms have models only once apps are ready
        from kefu.livechat.channel import LiveChat  # noqa: PLC0415

        register(LiveChat())
