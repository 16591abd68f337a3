from django.apps import AppConfig


class Helpcentre(AppConfig):
    name = "kefu.helpcentre"
    label = "helpcentre"
