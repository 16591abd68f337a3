from django.apps import AppConfig


class Cases(AppConfig):
    name = "kefu.cases"
    label = "cases"
