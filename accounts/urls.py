"""URLs of accounts, and of signing in."""

from allauth.account import views as sign_in
from django.urls import path, re_path

from accounts.views import home, members, profile, settings

app_name = "accounts"
urlpatterns = [
    path("", home.home, name="home"),
    path("workspaces/", home.workspaces, name="workspaces"),
    path("profile/", profile.profile, name="profile"),
    path("settings/", settings.settings, name="settings"),
    path("settings/members/", members.members, name="members"),
]

# Only what we serve, under the library's own names: no sign-up, no list of e-mail addresses, no codes.
sign_in_patterns = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
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
