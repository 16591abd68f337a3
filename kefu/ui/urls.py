from django.urls import path

from kefu.ui import views

app_name = "ui"
urlpatterns = [
    path("brand/<int:hue>.css", views.brand_css, name="brand_css"),
    path("<slug:language>/time-zone/", views.zone, name="zone"),
]
