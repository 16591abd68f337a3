from django.apps import AppConfig


class Helpcentre(AppConfig):
    name = "kefu.helpcentre"
    label = "helpcentre"

    def ready(self) -> None:
        from kefu.conversations import trails  # noqa: PLC0415 - rooms have models only once apps are ready
        from kefu.helpcentre.actions import forget_searches  # noqa: PLC0415 - as above
        from kefu.helpcentre.forgetting import forget_feedback  # noqa: PLC0415
        from kefu.helpcentre.reading_trail import ARTICLE_PAGES, KIND  # noqa: PLC0415
        from kefu.helpcentre.searchable import ARTICLES  # noqa: PLC0415
        from kefu.safety import retention  # noqa: PLC0415
        from kefu.search.registry import register  # noqa: PLC0415
        from kefu.ui import sheets  # noqa: PLC0415

        retention.register(retention.DataKind.READERS_WORDS, forget_feedback)
        register(ARTICLES)
        sheets.parts.append("helpcentre/help.css")
        retention.register(retention.DataKind.SEARCH, forget_searches)
        trails.register(KIND, ARTICLE_PAGES)
