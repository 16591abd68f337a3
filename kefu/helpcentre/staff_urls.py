"""What staff read at the desk: articles that are theirs alone too."""

from django.urls import path

from kefu.helpcentre import staff_views

app_name = "staff_articles"
urlpatterns = [
    path("", staff_views.search, name="search"),
    path("<slug:slug>/", staff_views.article, name="article"),
]
