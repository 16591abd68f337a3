from django.apps import AppConfig


class Background(AppConfig):
    name = "kefu.background"
    label = "background"
