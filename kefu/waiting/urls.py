"""Settings pages of hours, under /desk/settings/hours/."""

from django.urls import path

from kefu.waiting import views

app_name = "hours"
urlpatterns = [
    path("", views.teams, name="teams"),
    path("<int:team_id>/", views.team, name="team"),
    path("<int:team_id>/preview/", views.preview, name="preview"),
    path("<int:team_id>/dates/", views.dates, name="dates"),
    path("<int:team_id>/dates/<int:pk>/end/", views.date_end, name="date_end"),
    path("<int:team_id>/history/", views.history, name="history"),
    path("<int:team_id>/history/<int:pk>/put-back/", views.put_back, name="put_back"),
]
