from django.apps import AppConfig


class Config(AppConfig):
    name = "kefu.config"
    label = "config"
