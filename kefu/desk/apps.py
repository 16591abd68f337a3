from django.apps import AppConfig


class Desk(AppConfig):
    name = "kefu.desk"
    label = "desk"
