from django.urls import path

from kefu.mailroom import views

app_name = "mailroom"
urlpatterns = [
    path("", views.check, name="check"),
]
