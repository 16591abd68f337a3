from django.apps import AppConfig


class Journal(AppConfig):
    name = "kefu.journal"
    label = "journal"
