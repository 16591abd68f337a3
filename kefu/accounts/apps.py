from django.apps import AppConfig


class Accounts(AppConfig):
    name = "kefu.accounts"
    label = "accounts"
