from django.urls import path

from kefu.conversations.views import downloads, uploads

app_name = "files"
urlpatterns = [
    path("", uploads.begin, name="begin"),
    path("<str:key>/", uploads.upload, name="upload"),
    path("<str:key>/content", downloads.content, name="content"),
    path("<str:key>/small", downloads.small, name="small"),
]
