"""URLs of accounts, and of signing in."""

from allauth.account import views as sign_in
from django.urls import path, re_path

from accounts.views import accepting, home, inviting, members, profile, settings, teams

app_name = "accounts"
urlpatterns = [
    path("", home.home, name="home"),
    path("workspaces/", home.workspaces, name="workspaces"),
    path("profile/", profile.profile, name="profile"),
    path("settings/", settings.settings, name="settings"),
    path("profile/sign-out-everywhere/", profile.sign_out_everywhere, name="sign_out_everywhere"),
    path("settings/name/", settings.rename, name="rename"),
    path("settings/members/", members.members, name="members"),
    path("settings/members/invite/", inviting.invite, name="invite"),
    path("settings/members/<int:member_number>/", members.member, name="member"),
    path("settings/members/<int:member_number>/role/", members.change_role, name="change_role"),
    path("settings/members/<int:member_number>/deactivate/", members.deactivate, name="deactivate"),
    path("settings/members/<int:member_number>/reactivate/", members.reactivate, name="reactivate"),
    path("settings/invitations/<int:invitation_id>/resend/", inviting.resend, name="resend_invitation"),
    path("settings/invitations/<int:invitation_id>/revoke/", inviting.revoke, name="revoke_invitation"),
    path("settings/teams/", teams.teams, name="teams"),
    path("settings/teams/new/", teams.create_team, name="create_team"),
    path("settings/teams/<int:team_number>/", teams.team, name="team"),
    path("settings/teams/<int:team_number>/delete/", teams.delete_team, name="delete_team"),
]

# Public: only what we serve, under the library's own names: no sign-up, no list of e-mail addresses, no codes.
sign_in_patterns = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("invitation/<str:token>/", accepting.invitation, name="account_invitation"),
    path("inactive/", sign_in.account_inactive, name="account_inactive"),
    path("password/change/", sign_in.password_change, name="account_change_password"),
    path("password/reset/", sign_in.password_reset, name="account_reset_password"),
    path("password/reset/done/", sign_in.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        sign_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
