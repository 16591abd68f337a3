from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Cases(AppConfig):
    name = "kefu.cases"
    label = "cases"

    def ready(self) -> None:
        from kefu.accounts import privacy  # noqa: PLC0415 - models are loaded only now
        from kefu.cases.privacy import PART  # noqa: PLC0415 - as above
        from kefu.exchange.chains.noticing import holds_value  # noqa: PLC0415 - as above
        from kefu.ui import tools  # noqa: PLC0415 - as above

        privacy.register("cases", PART)
        tools.register(
            tools.Tool(
                key="deposit",
                url_name="tools:deposit",
                name=_("Trace a deposit"),
                says=_("See where it is and what is missing, by its TxID."),
                icon="deposit",
                takes=holds_value,
                offer=_("This looks like a TxID or an address."),
            )
        )
