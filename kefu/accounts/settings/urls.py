"""Settings pages of accounts, under /desk/settings/."""

from django.urls import path, re_path

from kefu.accounts.settings import invitations, members, teams, views

app_name = "settings"
DANGERS = "|".join(members.DANGERS)
urlpatterns = [
    path("", views.index, name="index"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new, name="team_new"),
    path("teams/<int:team_id>/", teams.team, name="team"),
    path("teams/<int:team_id>/history/", teams.history, name="team_history"),
    path("teams/<int:team_id>/history/<int:pk>/put-back/", teams.put_back, name="team_put_back"),
    path("members/", members.members, name="members"),
    path("members/invite/", invitations.new, name="invite"),
    path("members/invitations/<int:pk>/again/", invitations.again, name="invitation_again"),
    path("members/invitations/<int:pk>/withdrawn/", invitations.withdrawn, name="invitation_withdrawn"),
    path("members/invitations/<int:pk>/link/", invitations.link, name="invitation_link"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/history/", members.member_history, name="member_history"),
    path(
        "members/<int:pk>/history/<int:revision_id>/put-back/",
        members.member_put_back,
        name="member_put_back",
    ),
    re_path(rf"^members/(?P<pk>\d{{1,18}})/(?P<verb>{DANGERS})/$", members.danger, name="member_danger"),
]
