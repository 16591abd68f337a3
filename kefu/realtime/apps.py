from django.apps import AppConfig


class Realtime(AppConfig):
    name = "kefu.realtime"
    label = "realtime"
