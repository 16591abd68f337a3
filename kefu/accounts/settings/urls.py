from django.urls import path

from kefu.accounts.settings import views

app_name = "settings"
urlpatterns = [
    path("", views.index, name="index"),
]
