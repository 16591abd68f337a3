from django.urls import path

from kefu.helpcentre import views

app_name = "helpcentre"
urlpatterns = [
    path("", views.home, name="home"),
    path("topics/<slug:key>/", views.category, name="category"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("search/", views.search, name="search"),
    path("search/instant/", views.instant, name="instant"),
]
