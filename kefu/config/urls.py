"""Every address: customer pages under their language, the desk and staff pages without."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kefu.helpcentre import api, outside
from kefu.helpcentre.programs import views as programs
from kefu.helpcentre.views_of_pictures import picture
from kefu.livechat import loader
from kefu.ui import views as ui

urlpatterns = [
    path("", ui.first_language, name="root"),
    path("robots.txt", outside.robots, name="robots"),
    path("sitemap.xml", outside.sitemaps, name="sitemaps"),
    path("llms.txt", outside.for_language_models, name="llms"),
    path("api/v1/openapi.json", api.openapi, name="api_openapi"),
    path("api/v1/articles", api.articles, name="api_articles"),
    path("api/v1/articles/<slug:slug>", api.article, name="api_article"),
    path("api/v1/search", api.search, name="api_search"),
    path("api/v1/editor/articles", programs.articles, name="api_editor_articles"),
    path("api/v1/editor/articles/<int:number>", programs.article, name="api_editor_article"),
    path("api/v1/<path:rest>", api.nothing_here, name="api_nothing_here"),
    path("embed.js", loader.script, name="embed"),
    path("ui/", include("kefu.ui.urls")),
    path("desk/settings/", include("kefu.accounts.settings.urls")),
    path("desk/settings/", include("kefu.desk.settings.urls")),
    path("desk/settings/topics/", include("kefu.conversations.settings.urls")),
    path("desk/settings/hours/", include("kefu.waiting.urls")),
    path("desk/articles/", include("kefu.helpcentre.editing.urls")),
    path("desk/reading/", include("kefu.helpcentre.staff_urls")),
    path("desk/", include("kefu.desk.urls")),
    path("pictures/<str:name>", picture, name="picture"),
    path("files/", include("kefu.conversations.urls")),
    path("staff/", include("kefu.accounts.urls")),
    path("demo/", include("kefu.demo.urls")),
    *i18n_patterns(
        path("", include("kefu.helpcentre.urls")),
        path("contact/", include("kefu.contact.urls")),
        path("chat/", include("kefu.livechat.urls")),
        path("cases/", include("kefu.cases.urls")),
        path("tools/", include("kefu.cases.tool_urls")),
        path("check/", include("kefu.mailroom.urls")),
        prefix_default_language=True,
    ),
]

handler400 = "kefu.ui.views.bad_request"
handler403 = "kefu.ui.views.forbidden"
handler404 = "kefu.helpcentre.old_addresses.not_found"
handler500 = "kefu.ui.views.server_error"
