from django.apps import AppConfig


class Waiting(AppConfig):
    name = "kefu.waiting"
    label = "waiting"
