from django.urls import path

from kefu.helpcentre import feedback_views, outside, pack_views, search_views, views

app_name = "helpcentre"
urlpatterns = [
    path("", views.home, name="home"),
    path("topics/<slug:key>/", views.category, name="category"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/feedback/", feedback_views.feedback, name="feedback"),
    path("articles/<slug:slug>/feedback/said/", feedback_views.said, name="said"),
    path("articles/<slug:slug>/reading/", feedback_views.reading, name="reading"),
    path("offline/", pack_views.pack, name="pack"),
    path("offline/pack.html", pack_views.pack_file, name="pack_file"),
    path("sitemap.xml", outside.sitemap, name="sitemap"),
    path("feed.xml", outside.feed, name="feed"),
    path("search/", search_views.search, name="search"),
    path("search/instant/", search_views.instant, name="instant"),
    path("search/told/", search_views.told, name="searched"),
]
