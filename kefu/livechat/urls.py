from django.urls import path

from kefu.livechat import embedding, views, without_script
from kefu.livechat.identity import identity

app_name = "livechat"
urlpatterns = [
    path("", views.chat, name="chat"),
    path("panel/", views.panel, name="panel"),
    path("frame/", embedding.frame, name="frame"),
    path("frame/window/", embedding.frame_window, name="frame_window"),
    path("hand-over/", embedding.hand_over, name="hand_over"),
    path("take-over/", embedding.take_over, name="take_over"),
    path("leave/", embedding.leave, name="leave"),
    path("open/", views.open_, name="open"),
    path("earlier/", views.earlier, name="earlier"),
    path("rate/", views.rate, name="rate"),
    path("reopen/", views.reopen, name="reopen"),
    path("plain/", without_script.start, name="plain"),
    path("plain/<str:ref>/", without_script.talk, name="plain_talk"),
    path("plain/<str:ref>/rate/", without_script.rate, name="plain_rate"),
    path("plain/<str:ref>/reopen/", without_script.reopen, name="plain_reopen"),
    path("plain/<str:ref>/link/", without_script.link, name="plain_link"),
    path("identity/", identity, name="identity"),
    path("private-link/", views.private_link, name="private_link"),
    path("link/<str:token>/", views.link, name="link"),
]
