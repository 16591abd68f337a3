"""Editors' pages, under /desk/articles/."""

from django.urls import path

from kefu.helpcentre.editing import (
    addresses,
    articles,
    company,
    facts,
    listing,
    pictures,
    revisions,
    shelves,
    writing,
)
from kefu.helpcentre.reports import views as reports

app_name = "articles"
urlpatterns = [
    path("", listing.articles, name="articles"),
    path("new/", articles.new, name="new"),
    path("shelves/", shelves.shelves, name="shelves"),
    path("shelves/new/", shelves.new, name="shelf_new"),
    path("shelves/<int:pk>/", shelves.shelf, name="shelf"),
    path("shelves/<int:pk>/moved/", shelves.moved, name="shelf_moved"),
    path("shelves/<int:pk>/archived/", shelves.archived, name="shelf_archived"),
    path("shelves/<int:pk>/back/", shelves.brought_back, name="shelf_back"),
    path("facts/", facts.facts, name="facts"),
    path("facts/new/", facts.new, name="fact_new"),
    path("facts/history/", facts.history, name="facts_history"),
    path("facts/history/<int:pk>/put-back/", facts.put_back, name="fact_put_back"),
    path("facts/of/<str:key>/", facts.fact, name="fact"),
    path("facts/of/<str:key>/removed/", facts.removed, name="fact_removed"),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/<int:pk>/removed/", addresses.removed, name="address_removed"),
    path("pictures/", pictures.pictures, name="pictures"),
    path("pictures/<int:pk>/removed/", pictures.removed, name="picture_removed"),
    path("reports/", reports.reports, name="reports"),
    path("voices/", reports.voices, name="voices"),
    path("voices/<int:pk>/done/", reports.voice_done, name="voice_done"),
    path("voices/<int:pk>/words-removed/", reports.words_removed, name="words_removed"),
    path("<int:pk>/", articles.article, name="article"),
    path("<int:pk>/frame/", articles.frame, name="frame"),
    path("<int:pk>/reviewed/", articles.reviewed, name="reviewed"),
    path("<int:pk>/archived/", articles.archived, name="archived"),
    path("<int:pk>/back/", articles.brought_back, name="brought_back"),
    path("<int:pk>/<slug:language>/", writing.write, name="write"),
    path("<int:pk>/<slug:language>/preview/", writing.preview, name="preview"),
    path("<int:pk>/<slug:language>/company/", company.company, name="company"),
    path("<int:pk>/<slug:language>/revisions/", revisions.revisions, name="revisions"),
    path("<int:pk>/<slug:language>/revisions/<int:number>/", revisions.revision, name="revision"),
    path("<int:pk>/<slug:language>/revisions/<int:number>/restored/", revisions.restored, name="restored"),
    path("<int:pk>/<slug:language>/revisions/<int:number>/sent-back/", revisions.sent_back, name="sent_back"),
    path("<int:pk>/<slug:language>/revisions/<int:number>/publish/", revisions.published, name="publish"),
]
