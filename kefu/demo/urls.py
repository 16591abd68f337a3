from django.urls import path

from kefu.demo import views

app_name = "demo"
urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:pk>/", views.letter, {"subtype": "html"}, name="letter"),
    path("outbox/<int:pk>/text/", views.letter, {"subtype": "plain"}, name="letter_text"),
]
