from django.urls import path

from kefu.contact import views

app_name = "contact"
urlpatterns = [
    path("", views.ways, name="ways"),
    path("state/", views.state, name="state"),
]
