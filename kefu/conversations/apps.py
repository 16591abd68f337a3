from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Conversations(AppConfig):
    name = "kefu.conversations"
    label = "conversations"

    def ready(self) -> None:
        from kefu.accounts.policy import May, allows_somewhere  # noqa: PLC0415 - models are loaded only now
        from kefu.accounts.settings.registry import SettingsPage, register  # noqa: PLC0415 - as above
        from kefu.conversations import registrations  # noqa: PLC0415 - as above

        registrations.register_all()
        register(
            SettingsPage(
                key="topics",
                url_name="topics:topics",
                name=_("Topics"),
                says=_("What customers choose before they write, and which team answers."),
                icon="tag",
                place=30,
                opens_for=lambda agent: allows_somewhere(agent, May.CHANGE_SETTINGS),
            )
        )
