from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Waiting(AppConfig):
    name = "kefu.waiting"
    label = "waiting"

    def ready(self) -> None:
        from kefu.accounts.policy import May, allows_somewhere  # noqa: PLC0415 - models are loaded only now
        from kefu.accounts.settings.registry import SettingsPage, register  # noqa: PLC0415 - as above

        register(
            SettingsPage(
                key="hours",
                url_name="hours:teams",
                name=_("Working hours"),
                says=_("When each team is there, and the dates that differ."),
                icon="clock",
                place=10,
                opens_for=lambda agent: allows_somewhere(agent, May.CHANGE_SETTINGS),
            )
        )
