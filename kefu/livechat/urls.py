from django.urls import path

from kefu.livechat import views

app_name = "livechat"
urlpatterns = [
    path("", views.chat, name="chat"),
    path("panel/", views.panel, name="panel"),
    path("open/", views.open_, name="open"),
    path("earlier/", views.earlier, name="earlier"),
    path("rate/", views.rate, name="rate"),
    path("reopen/", views.reopen, name="reopen"),
    path("private-link/", views.private_link, name="private_link"),
    path("link/<str:token>/", views.link, name="link"),
]
