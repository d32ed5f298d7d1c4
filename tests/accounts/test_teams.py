"""Teams: form them, name them, fill them, dissolve them."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Team, TeamMember, Tenant
from accounts.tenancy import tenant_scope
from tests.factories.accounts import make_team
from tests.factories.tickets import make_ticket

SignIn = Callable[[Membership], Client]


@pytest.fixture
def team(in_acme: Tenant) -> Team:
    return make_team("Returns")


def numbers(team: Team) -> list[int]:
    return sorted(TeamMember.objects.filter(team=team).values_list("member__number", flat=True))


def test_team_is_created_named_and_filled(sign_in: SignIn, ada: Membership, bela: Membership, in_acme: Tenant) -> None:
    client = sign_in(ada)

    made = client.post("/acme/settings/teams/new/", {"name": " Returns "})
    team = Team.objects.get()
    client.post(made["Location"], {"name": "Returns & refunds", "members": [str(ada.number), str(bela.number)]})
    client.post(made["Location"], {"name": "Returns & refunds", "members": [str(bela.number)]})

    assert made["Location"] == f"/acme/settings/teams/{team.number}/"
    assert (Team.objects.get().name, numbers(team)) == ("Returns & refunds", [bela.number])
    assert b"Bela" in client.get("/acme/settings/teams/").content


def test_two_teams_have_two_names(sign_in: SignIn, ada: Membership, team: Team) -> None:
    other, client = make_team("Shipping"), sign_in(ada)

    again = client.post("/acme/settings/teams/new/", {"name": "Returns"})
    renamed = client.post(f"/acme/settings/teams/{other.number}/", {"name": "Returns"})

    assert {again.status_code, renamed.status_code} == {422}
    assert sorted(Team.objects.values_list("name", flat=True)) == ["Returns", "Shipping"]


def test_members_of_others_cannot_be_put_in(sign_in: SignIn, ada: Membership, cleo: Membership, team: Team) -> None:
    for member in (str(cleo.pk), str(cleo.number + 40), "x"):
        response = sign_in(ada).post(f"/acme/settings/teams/{team.number}/", {"name": "R", "members": [member]})
        assert response.status_code == 422

    assert numbers(team) == []


def test_former_members_stay_to_be_seen_and_are_not_offered(
    sign_in: SignIn, ada: Membership, bela: Membership, team: Team
) -> None:
    bela.mark_inactive()
    client, path = sign_in(ada), f"/acme/settings/teams/{team.number}/"
    without = client.get(path).content
    TeamMember.objects.create(team=team, member=bela)

    assert b"Bela" not in without
    assert b"Bela (not active)" in client.get(path).content


def test_tickets_of_a_deleted_team_go_on(sign_in: SignIn, ada: Membership, bela: Membership, team: Team) -> None:
    TeamMember.objects.create(team=team, member=bela)
    ticket, client = make_ticket(team=team, assignee=bela), sign_in(ada)
    said = client.get(f"/acme/settings/teams/{team.number}/tickets/", headers={"HX-Request": "true"})

    response = client.post(f"/acme/settings/teams/{team.number}/delete/")

    ticket.refresh_from_db()
    assert b"1 ticket is with this team" in said.content
    assert response["Location"] == "/acme/settings/teams/"
    assert (ticket.team, ticket.assignee) == (None, bela)
    assert not Team.objects.exists()


def test_teams_do_not_exist_for_agents_and_others(
    sign_in: SignIn, bela: Membership, cleo: Membership, team: Team
) -> None:
    for stranger in (bela, cleo):
        client = sign_in(stranger)
        path = f"/acme/settings/teams/{team.number}/"
        answers = [client.get("/acme/settings/teams/"), client.get(path), client.post(path, {"name": "x"})]
        answers += [client.post(f"{path}delete/"), client.post("/acme/settings/teams/new/", {"name": "x"})]
        assert {answer.status_code for answer in answers} == {404}
    foreign = sign_in(cleo).post(f"/globex/settings/teams/{team.number}/delete/")

    assert foreign.status_code == 404
    with tenant_scope(bela.tenant):
        assert Team.objects.get().name == "Returns"


def test_looking_deletes_nothing(sign_in: SignIn, ada: Membership, team: Team) -> None:
    assert sign_in(ada).get(f"/acme/settings/teams/{team.number}/delete/").status_code == 405
    assert Team.objects.exists()
