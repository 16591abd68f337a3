from django.urls import path

from kefu.cases.deposits import views

app_name = "tools"
urlpatterns = [
    path("deposit/", views.deposit, name="deposit"),
    path("deposit/address/", views.address, name="deposit_address"),
]
