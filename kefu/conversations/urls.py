from django.urls import path, register_converter
from django.urls.converters import StringConverter

from kefu.conversations.filestore import KEY
from kefu.conversations.views import downloads, uploads


class FileKey(StringConverter):
    """What can't be a key leads nowhere, and never comes to the database."""

    regex = KEY.pattern


register_converter(FileKey, "file_key")

app_name = "files"
urlpatterns = [
    path("", uploads.begin, name="begin"),
    path("<file_key:key>/", uploads.upload, name="upload"),
    path("<file_key:key>/content", downloads.content, name="content"),
    path("<file_key:key>/small", downloads.small, name="small"),
]
