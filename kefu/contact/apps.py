from django.apps import AppConfig


class Contact(AppConfig):
    name = "kefu.contact"
    label = "contact"
