from django.apps import AppConfig


class Safety(AppConfig):
    name = "kefu.safety"
    label = "safety"
