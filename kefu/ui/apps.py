from django.apps import AppConfig


class Ui(AppConfig):
    name = "kefu.ui"
    label = "ui"
