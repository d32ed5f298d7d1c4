"""Invitations by mail: one way in, once, for one address, into one workspace, for 72 hours."""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.kinds import Role
from accounts.models import Invitation, Membership, Tenant, User
from accounts.services import inviting
from accounts.services.opening import add_member
from accounts.tasks import mail_invitation, mail_waiting_invitations
from tests.broken_redis import dead_redis
from tests.conftest import PASSWORD
from tests.factories.accounts import make_invitation

__all__ = ["dead_redis"]

SignIn = Callable[[Membership], Client]
GONE = b"This invitation is not valid any more. Ask for a new one."
EVE = "eve@shop.example"
FORM = {"name": "Eve", "password": "quite a long password"}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What was handed to the workers."""
    handed: list[tuple[str, Any]] = []
    monkeypatch.setattr("core.broker.send", handed.extend)
    return handed


def path_of(token: str) -> str:
    return f"/accounts/invitation/{token}/"


def invite(client: Client, email: str = EVE, role: str = "agent") -> Any:
    return client.post("/acme/settings/members/invite/", {"email": email, "role": role})


def mailed_path() -> str:
    """The path of the link in the newest letter."""
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/invitation/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def html_of(letter: Any) -> str:
    return str(letter.alternatives[0][0])


def is_refused(client: Client, path: str) -> bool:
    looked, posted = client.get(path), client.post(path, FORM)
    return {looked.status_code, posted.status_code} == {404} and GONE in looked.content and GONE in posted.content


def membership(email: str, tenant: Tenant) -> Membership | None:
    return Membership.objects.filter(user__email=email, tenant=tenant).first()


def test_letter_leads_somebody_new_in(
    sign_in: SignIn, ada: Membership, sent: list[Any], run_on_commit: Any, client: Client
) -> None:
    with run_on_commit():
        invite(sign_in(ada), "Eve@Shop.example", "admin")
    assert mail.outbox == []
    [(task, arguments)] = sent
    assert task == "accounts.tasks.mail_invitation"
    mail_invitation(**arguments)

    response = client.post(mailed_path(), FORM)

    made = membership(EVE, ada.tenant)
    assert response["Location"] == "/acme/"
    assert made and (made.role, made.name, made.number) == (Role.ADMIN, "Eve", 2)
    assert client.get("/acme/settings/members/").status_code == 200
    assert made.user.check_password(FORM["password"])


def test_letter_goes_to_the_address_and_says_who_and_where(ada: Membership) -> None:
    invitation, _ = make_invitation(ada, EVE)

    mail_invitation(invitation_id=invitation.pk)
    mail_invitation(invitation_id=invitation.pk)

    [letter] = mail.outbox
    html = html_of(letter)
    assert (letter.to, letter.subject) == ([EVE], "Ada invites you to Acme")
    assert "72 hours" in str(letter.body)
    assert mailed_path() in html


def test_names_in_the_letter_are_words_only(ada: Membership) -> None:
    ada.tenant.mark_name(name='Acme\r\nBcc: all@acme.example <img src=x onerror="alert(1)">')
    invitation, _ = make_invitation(ada, EVE)

    mail_invitation(invitation_id=invitation.pk)

    html = html_of(mail.outbox[0])
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == [EVE]
    assert "<img" not in html


def test_only_the_digest_of_a_random_token_is_kept(ada: Membership) -> None:
    tokens = []
    for number in range(40):
        invitation, _ = make_invitation(ada, f"p{number}@shop.example")
        mail_invitation(invitation_id=invitation.pk)
        tokens.append(mailed_path().split("/")[3])
        row = Invitation.objects.values().get(pk=invitation.pk)
        assert row["token_digest"] == hashlib.sha256(tokens[-1].encode()).hexdigest()
        assert not [value for value in row.values() if tokens[-1] in str(value)]

    counted = Counter("".join(tokens))
    total = sum(counted.values())
    entropy = -sum(count / total * math.log2(count / total) for count in counted.values())
    assert len(set(tokens)) == 40
    assert {len(token) for token in tokens} == {43}  # 256 bits, 6 in a letter
    assert entropy > 5.7


def test_host_of_the_request_is_not_in_the_link(sign_in: SignIn, ada: Membership, sent: list[Any]) -> None:
    client = sign_in(ada)
    form = {"email": EVE, "role": "agent"}

    refused = client.post("/acme/settings/members/invite/", form, headers={"Host": "evil.example"})
    client.post("/acme/settings/members/invite/", form, headers={"X-Forwarded-Host": "evil.example"})
    mail_invitation(invitation_id=Invitation.objects.get().pk)

    assert refused.status_code == 400
    assert "evil" not in str(mail.outbox[0].body)


def test_looking_at_the_link_changes_nothing(client: Client, ada: Membership) -> None:
    _, token = make_invitation(ada, EVE)

    statuses = [getattr(client, verb)(path_of(token)).status_code for verb in ("get", "head", "get", "options", "put")]

    assert statuses == [200, 200, 200, 405, 405]
    assert not User.objects.filter(email=EVE).exists()
    assert Invitation.objects.unanswered().count() == 1


def test_link_works_once(client: Client, ada: Membership) -> None:
    _, token = make_invitation(ada, EVE)
    client.post(path_of(token), FORM)

    assert is_refused(Client(), path_of(token))
    assert is_refused(client, path_of(token))
    assert User.objects.filter(email=EVE).count() == 1


@pytest.mark.parametrize("token", ["x", " ", "%20", "null", "None", "[]", "%00", "'--", "%F0%9F%AA%B4", "a" * 3000])
def test_tokens_that_nobody_made_lead_nowhere(client: Client, ada: Membership, token: str) -> None:
    make_invitation(ada, EVE)

    assert is_refused(client, path_of(token))


@pytest.mark.parametrize("path", ["/accounts/invitation/", "/accounts/invitation//", "/accounts/invitation"])
def test_no_token_is_no_page(client: Client, ada: Membership, path: str) -> None:
    assert client.post(path, {**FORM, "token": ""}).status_code in (404, 301)


def test_link_grows_too_old(client: Client, ada: Membership, in_acme: Tenant, time_machine: Any) -> None:
    invitation = inviting.invite(email=EVE, role=Role.AGENT, by=ada, at=timezone.now())
    mail_invitation(invitation_id=invitation.pk)
    time_machine.move_to(timezone.now() + timedelta(hours=71, minutes=59))
    still = client.get(mailed_path()).status_code

    time_machine.move_to(timezone.now() + timedelta(minutes=2))

    assert still == 200
    assert is_refused(client, mailed_path())


def test_revoked_link_is_dead(client: Client, sign_in: SignIn, ada: Membership) -> None:
    invitation, token = make_invitation(ada, EVE)

    sign_in(ada).post(f"/acme/settings/invitations/{invitation.pk}/revoke/")

    assert is_refused(client, path_of(token))


def test_link_is_dead_once_it_is_sent_again(client: Client, sign_in: SignIn, ada: Membership, sent: list[Any]) -> None:
    invitation, token = make_invitation(ada, EVE, expires_at=timezone.now() - timedelta(hours=1))

    sign_in(ada).post(f"/acme/settings/invitations/{invitation.pk}/resend/")
    dead = is_refused(client, path_of(token))
    mail_invitation(invitation_id=invitation.pk)

    assert dead
    assert client.post(mailed_path(), FORM)["Location"] == "/acme/"


def test_inviting_with_another_role_kills_the_former_link(
    client: Client, sign_in: SignIn, ada: Membership, sent: list[Any]
) -> None:
    _, token = make_invitation(ada, EVE, role=Role.ADMIN)

    invite(sign_in(ada), EVE, "agent")

    assert is_refused(client, path_of(token))
    assert Invitation.objects.unanswered().get().role == Role.AGENT


@pytest.mark.parametrize("change", [{"role": Role.AGENT}, {"is_active": False}])
def test_link_is_dead_when_the_inviter_may_not_invite_any_more(
    client: Client, acme: Tenant, ada: Membership, change: dict[str, Any]
) -> None:
    dora = add_member(tenant=acme, email="dora@acme.example", role=Role.ADMIN)
    _, token = make_invitation(dora, EVE)
    assert client.get(path_of(token)).status_code == 200

    Membership.objects.filter(pk=dora.pk).update(**change)

    assert is_refused(client, path_of(token))


def test_known_person_signs_in_and_joins(client: Client, ada: Membership, cleo: Membership) -> None:
    _, token = make_invitation(ada, cleo.email)

    refused = client.post(path_of(token), {"name": "Mallory", "password": "quite a long password"})
    page = client.get(path_of(token)).content.decode()
    client.force_login(cleo.user)
    joined = client.post(path_of(token))

    cleo.user.refresh_from_db()
    assert refused.status_code == 409
    assert f"/accounts/login/?next={path_of(token)}" in page
    assert (joined["Location"], cleo.user.name) == ("/acme/", "Cleo")
    assert cleo.user.check_password(PASSWORD)


def test_somebody_else_does_not_get_in(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    _, token = make_invitation(ada, EVE)
    client = sign_in(cleo)

    response = client.post(path_of(token), FORM)

    assert (response.status_code, client.get("/acme/").status_code) == (409, 404)
    assert membership(cleo.email, ada.tenant) is None
    assert not User.objects.filter(email=EVE).exists()


def test_link_does_not_open_another_workspace(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    _, token = make_invitation(ada, cleo.email)
    client = sign_in(cleo)

    response = client.post(f"/globex{path_of(token)}")

    assert response.status_code == 404
    assert membership(cleo.email, ada.tenant) is None


def test_person_without_a_password_sets_one(client: Client, ada: Membership, globex: Tenant) -> None:
    add_member(tenant=globex, email=EVE)
    _, token = make_invitation(ada, EVE)

    client.post(path_of(token), FORM)

    assert User.objects.get(email=EVE).check_password(FORM["password"])
    assert client.get("/acme/profile/").status_code == 200


def test_person_who_was_switched_off_does_not_come_back(client: Client, ada: Membership) -> None:
    User.objects.create_user(EVE, is_active=False)
    _, token = make_invitation(ada, EVE)

    assert is_refused(client, path_of(token))


def test_former_member_does_not_come_back_by_an_old_link(client: Client, ada: Membership, bela: Membership) -> None:
    bela.mark_inactive()
    _, token = make_invitation(ada, bela.email)
    client.force_login(bela.user)

    response = client.post(path_of(token))

    assert response.status_code == 404
    assert not Membership.objects.get(pk=bela.pk).is_active


@pytest.mark.parametrize("password", ["short", "password123", ""])
def test_weak_password_is_refused(client: Client, ada: Membership, password: str) -> None:
    _, token = make_invitation(ada, EVE)

    response = client.post(path_of(token), {"name": "Eve", "password": password})

    assert response.status_code == 422
    assert not User.objects.filter(email=EVE).exists()


def test_session_is_a_new_one(client: Client, ada: Membership) -> None:
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    _, token = make_invitation(ada, EVE)

    client.post(path_of(token), FORM)

    assert client.session.session_key != session.session_key


def test_form_needs_its_token_of_the_page(ada: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    _, token = make_invitation(ada, EVE)

    assert client.post(path_of(token), FORM).status_code == 403
    assert not User.objects.filter(email=EVE).exists()


@pytest.mark.parametrize("role", ["owner", "superuser", ""])
def test_no_invitation_makes_an_owner(sign_in: SignIn, ada: Membership, role: str) -> None:
    response = invite(sign_in(ada), EVE, role)

    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_invited_addresses_are_answered_alike(
    sign_in: SignIn, ada: Membership, cleo: Membership, sent: list[Any]
) -> None:
    """Whether somebody has a password elsewhere is not to be learnt: same words, same questions to the database."""
    client, counts, answers = sign_in(ada), [], []
    for email in ("nobody@shop.example", cleo.email):
        with CaptureQueriesContext(connection) as queries:
            answers.append(invite(client, email))
        counts.append(len(queries))

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/acme/settings/members/")}
    assert counts[0] == counts[1]


def test_members_are_not_invited_again(sign_in: SignIn, ada: Membership, bela: Membership, sent: list[Any]) -> None:
    response = invite(sign_in(ada), "BELA@acme.example")

    assert response.status_code == 422
    assert b"a member already" in response.content
    assert not Invitation.objects.exists()


def test_one_address_gets_few_letters(sign_in: SignIn, ada: Membership, sent: list[Any]) -> None:
    client = sign_in(ada)

    statuses = [invite(client).status_code for _ in range(5)]
    invitation = Invitation.objects.unanswered().get()
    again = client.post(f"/acme/settings/invitations/{invitation.pk}/resend/", follow=True)

    assert statuses == [302, 302, 302, 422, 422]
    assert b"Too many invitations" in again.content


def test_workspace_sends_so_many_at_once(sign_in: SignIn, ada: Membership, sent: list[Any]) -> None:
    client = sign_in(ada)

    statuses = [invite(client, f"p{number}@shop.example").status_code for number in range(31)]

    assert statuses == [302] * 30 + [422]


def test_others_send_and_revoke_nothing(
    sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership, sent: list[Any]
) -> None:
    invitation, token = make_invitation(ada, EVE)
    for stranger in (bela, cleo):
        client = sign_in(stranger)
        paths = ("members/invite", f"invitations/{invitation.pk}/resend", f"invitations/{invitation.pk}/revoke")
        assert {client.post(f"/acme/settings/{path}/", {"email": EVE}).status_code for path in paths} == {404}
    foreign = sign_in(cleo).post(f"/globex/settings/invitations/{invitation.pk}/revoke/")

    assert foreign.status_code == 404
    assert Client().get(path_of(token)).status_code == 200


def test_without_broker_the_sweep_mails(
    sign_in: SignIn, ada: Membership, dead_redis: None, run_on_commit: Any, time_machine: Any
) -> None:
    with run_on_commit():
        invite(sign_in(ada))
    mail_waiting_invitations()
    assert mail.outbox == []  # the worker may have it in hand

    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    mail_waiting_invitations()
    mail_waiting_invitations()

    assert len(mail.outbox) == 1


def test_letter_that_was_refused_is_tried_again(ada: Membership, settings: Any, time_machine: Any) -> None:
    invitation, _ = make_invitation(ada, EVE)
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    with pytest.raises(ConnectionRefusedError):
        mail_invitation(invitation_id=invitation.pk)
    mail_waiting_invitations()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    mail_waiting_invitations()

    assert len(mail.outbox) == 1
    assert Invitation.objects.get().mailed_at is not None


def test_log_shows_no_token(ada: Membership) -> None:
    from core.log import scrub

    line = scrub(None, "", {"path": path_of("a-token_of-43"), "text": f"http://x{path_of('other')} y"})

    assert line == {"path": "/accounts/invitation/***/", "text": "http://x/accounts/invitation/***/ y"}
