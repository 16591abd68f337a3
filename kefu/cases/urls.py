from django.urls import path

from kefu.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("address/", views.address, name="address"),
    path("code/", views.code, name="code"),
    path("phrase/", views.phrase, name="phrase"),
    path("<str:ref>/transcript.txt", views.transcript_file, name="transcript_file"),
    path("<str:ref>/transcript/", views.transcript_by_mail, name="transcript_by_mail"),
    path("<str:ref>/rate/", views.rate, name="rate"),
    path("<str:ref>/reopen/", views.reopen, name="reopen"),
    path("leave/", views.leave, name="leave"),
]
