"""Every address: customer pages under their language, the desk and staff pages without."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kefu.livechat import loader
from kefu.ui import views as ui

urlpatterns = [
    path("", ui.first_language, name="root"),
    path("embed.js", loader.script, name="embed"),
    path("ui/", include("kefu.ui.urls")),
    path("desk/settings/", include("kefu.accounts.settings.urls")),
    path("desk/settings/", include("kefu.desk.settings.urls")),
    path("desk/settings/topics/", include("kefu.conversations.settings.urls")),
    path("desk/settings/hours/", include("kefu.waiting.urls")),
    path("desk/", include("kefu.desk.urls")),
    path("files/", include("kefu.conversations.urls")),
    path("staff/", include("kefu.accounts.urls")),
    path("demo/", include("kefu.demo.urls")),
    *i18n_patterns(
        path("", include("kefu.helpcentre.urls")),
        path("contact/", include("kefu.contact.urls")),
        path("chat/", include("kefu.livechat.urls")),
        path("cases/", include("kefu.cases.urls")),
        path("check/", include("kefu.mailroom.urls")),
        prefix_default_language=True,
    ),
]

handler400 = "kefu.ui.views.bad_request"
handler403 = "kefu.ui.views.forbidden"
handler404 = "kefu.ui.views.not_found"
handler500 = "kefu.ui.views.server_error"
