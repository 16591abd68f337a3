from django.apps import AppConfig


class Accounts(AppConfig):
    name = "kefu.accounts"
    label = "accounts"

    def ready(self) -> None:
        from kefu.accounts.sealed_secrets import seal_again  # noqa: PLC0415 - models are loaded only now
        from kefu.accounts.settings import registry  # noqa: PLC0415 - as above
        from kefu.accounts.settings.pages import PAGES  # noqa: PLC0415 - as above
        from kefu.accounts.verbs import forgetting  # noqa: PLC0415 - as above
        from kefu.accounts.verbs.permission import may_change_settings  # noqa: PLC0415 - as above
        from kefu.accounts.verbs.privacy import register_own_part  # noqa: PLC0415 - as above
        from kefu.safety import permission, retention, rotation  # noqa: PLC0415 - as above

        kinds = retention.DataKind
        retention.register(kinds.CUSTOMER_SESSION, forgetting.forget_sessions)
        retention.register(kinds.VISITOR, forgetting.forget_visitors)
        retention.register(kinds.AGENT_TOKEN, forgetting.forget_agent_tokens)
        retention.register(kinds.SIGN_IN_LINK, forgetting.forget_sign_in_links)
        retention.register(kinds.INVITATION, forgetting.forget_invitations)
        retention.register(kinds.ONE_TIME_CODE, forgetting.forget_one_time_codes)
        retention.register(kinds.PASSWORD_RESET, forgetting.forget_password_resets)
        retention.register(kinds.STAFF_SESSION, forgetting.forget_staff_sessions)
        retention.register(kinds.BROWSER_STATE, forgetting.forget_browser_state)
        register_own_part()
        rotation.register("second factors", seal_again)
        permission.register(may_change_settings)
        for page in PAGES:
            registry.register(page)
