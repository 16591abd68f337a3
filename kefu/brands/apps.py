from django.apps import AppConfig


class Brands(AppConfig):
    name = "kefu.brands"
    label = "brands"
