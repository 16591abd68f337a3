from django.apps import AppConfig


class Search(AppConfig):
    name = "kefu.search"
    label = "search"
