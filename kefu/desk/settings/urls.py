"""Settings pages of the rooms below accounts, and of what holds for whole brands, under /desk/settings/."""

from django.urls import path

from kefu.desk.settings import brand, greetings, journal, privacy, ways

app_name = "desk_settings"
urlpatterns = [
    path("brand/", brand.brand, name="brand"),
    path("brand/history/", brand.history, name="brand_history"),
    path("brand/history/<int:pk>/put-back/", brand.put_back, name="brand_put_back"),
    path("greetings/", greetings.greetings, name="greetings"),
    path("greetings/history/", greetings.history, name="greetings_history"),
    path("greetings/history/<int:pk>/put-back/", greetings.put_back, name="greetings_put_back"),
    path("journal/", journal.journal, name="journal"),
    path("privacy/", privacy.search, name="privacy"),
    path("privacy/<int:pk>/", privacy.person, name="person"),
    path("ways/", ways.ways, name="ways"),
    path("ways/new/", ways.new, name="way_new"),
    path("ways/history/", ways.history, name="ways_history"),
    path("ways/history/<int:pk>/put-back/", ways.put_back, name="way_put_back"),
    path("ways/<int:pk>/", ways.way, name="way"),
    path("ways/<int:pk>/shown/", ways.shown, name="way_shown"),
    path("ways/<int:pk>/moved/", ways.moved, name="way_moved"),
    path("ways/<int:pk>/end/", ways.end, name="way_end"),
]
