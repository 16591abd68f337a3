from django.apps import AppConfig


class Livechat(AppConfig):
    name = "kefu.livechat"
    label = "livechat"
