"""What a member sets for themselves."""

from collections.abc import Callable

import pytest
from django import forms
from django.test import Client

from accounts import profile_registry
from accounts.models import Membership
from accounts.tenancy import tenant_scope
from events.models.notification import NotificationKind
from events.services import notifying

SignIn = Callable[[Membership], Client]
KINDS = ("assigned", "replied", "unassigned_new", "mentioned")
ALL_ON = {f"notices-{kind}": ["page"] for kind in KINDS}


def test_profile_shows_what_holds(sign_in: SignIn, ada: Membership) -> None:
    response = sign_in(ada).get("/acme/profile/")

    assert b"ada@acme.example" in response.content
    assert b'<option value="UTC" selected>' in response.content
    assert b'name="notices-assigned"' in response.content


def test_profile_sets_the_time_zone(sign_in: SignIn, ada: Membership) -> None:
    response = sign_in(ada).post("/acme/profile/", {"me-time_zone": "Europe/Lisbon", **ALL_ON})

    ada.refresh_from_db()
    assert response["Location"] == "/acme/profile/"
    assert ada.time_zone == "Europe/Lisbon"


def test_profile_sets_notices(sign_in: SignIn, ada: Membership, bela: Membership) -> None:
    wishes = {**ALL_ON, "notices-assigned": [], "notices-mentioned": ["email"]}

    sign_in(bela).post("/acme/profile/", {"me-time_zone": "UTC", **wishes})

    with tenant_scope(ada.tenant):
        assert notifying.read_preferences(member=bela)[NotificationKind.ASSIGNED] == (False, False)
        assert notifying.read_preferences(member=bela)[NotificationKind.REPLIED] == (True, False)
        assert notifying.read_preferences(member=bela)[NotificationKind.MENTIONED] == (False, True)
        assert notifying.read_preferences(member=ada)[NotificationKind.ASSIGNED] == (True, False)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "Europe/Lisbon\x00", "../../etc/passwd"])
def test_profile_refuses_an_unknown_zone_and_saves_nothing(sign_in: SignIn, ada: Membership, zone: str) -> None:
    response = sign_in(ada).post("/acme/profile/", {"me-time_zone": zone})

    ada.refresh_from_db()
    assert response.status_code == 422
    assert ada.time_zone == "UTC"
    with tenant_scope(ada.tenant):
        assert notifying.read_preferences(member=ada)[NotificationKind.ASSIGNED] == (True, False)


def test_profile_ignores_what_is_not_the_members_to_set(sign_in: SignIn, bela: Membership) -> None:
    extra = {"role": "owner", "me-role": "owner", "tenant": "1", "is_active": "", "me-sees_all_inboxes": ""}

    sign_in(bela).post("/acme/profile/", {"me-time_zone": "UTC", **extra})

    bela.refresh_from_db()
    assert (bela.role, bela.is_active, bela.sees_all_inboxes) == ("agent", True, True)


def test_profile_of_a_workspace_is_not_found_for_others(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    assert sign_in(cleo).post("/acme/profile/", {"me-time_zone": "Europe/Lisbon"}).status_code == 404


def test_two_parts_of_the_profile_cannot_have_one_key() -> None:
    class Other(profile_registry.ProfileForm):
        box = forms.BooleanField()

    with pytest.raises(ValueError, match="called me"):
        profile_registry.register(profile_registry.ProfileSection("me", "Other", Other))
