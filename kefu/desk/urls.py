from django.urls import path

from kefu.desk import api, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("data/<str:view>/", api.rows, name="rows"),
    path("found/", api.found, name="found"),
    path("availability/", api.availability, name="availability"),
    path("conversation/<str:ref>/", api.conversation, name="conversation"),
    path("conversation/<str:ref>/earlier/", api.earlier_events, name="earlier"),
    path("conversation/<str:ref>/letters/", api.letters, name="letters"),
    path("conversation/<str:ref>/articles/", api.articles, name="articles"),
    path("conversation/<str:ref>/articles/<int:pk>/", api.article, name="article"),
    path("conversation/<str:ref>/assignee/", api.assignee, name="assignee"),
    path("conversation/<str:ref>/resolution/", api.resolution, name="resolution"),
    path("conversation/<str:ref>/draft/", api.draft, name="draft"),
    path("<str:view>/", views.inbox, name="inbox"),
    path("<str:view>/<str:ref>/", views.inbox, name="open"),
]
