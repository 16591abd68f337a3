from django.apps import AppConfig


class Demo(AppConfig):
    name = "kefu.demo"
    label = "demo"
