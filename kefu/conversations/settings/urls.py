"""Settings pages of topics, under /desk/settings/topics/."""

from django.urls import path

from kefu.conversations.settings import views

app_name = "topics"
urlpatterns = [
    path("", views.topics, name="topics"),
    path("new/", views.new, name="new"),
    path("history/", views.history, name="history"),
    path("history/<int:pk>/put-back/", views.put_back, name="put_back"),
    path("<int:pk>/", views.topic, name="topic"),
    path("<int:pk>/choosable/", views.choosable, name="choosable"),
    path("<int:pk>/moved/", views.moved, name="moved"),
]
