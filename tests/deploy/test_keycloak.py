"""Keycloak's realm, and how it gets here; that people sign in through it is tested in e2e."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.local import keycloak_server
from deploy.local.install import find_java
from deploy.local.keycloak_server import PASSWORD, PUBLIC_URL, REALM, REALM_FILE
from deploy.local.layout import LocalError
from deploy.local.oidc import BACK_CHANNEL, CALLBACK, WEB_CLIENT
from deploy.local.people import SERVICE_CLIENTS, demo_people
from shared.contracts.envelope import SERVICES


@pytest.fixture(scope="module")
def realm() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(REALM_FILE.read_text(encoding="utf-8"))
    return read


def client(realm: dict[str, Any], id: str) -> dict[str, Any]:
    """One of the realm's clients."""
    (found,) = [one for one in realm["clients"] if one["clientId"] == id]
    return dict(found)


def test_its_people_are_the_demos(realm: dict[str, Any]) -> None:
    people = {person.sub: person for person in demo_people()}
    users = [user for user in realm["users"] if "serviceAccountClientId" not in user]
    assert len(users) >= 10
    for user in users:
        person = people[user["id"]]
        attributes = user.get("attributes", {})
        assert user["firstName"] == person.name
        assert tuple(user["realmRoles"]) == person.roles
        assert tuple(attributes.get("places", ())) == person.places
        assert tuple(attributes.get("org", ())) == ((person.org,) if person.org else ())
        assert [one["value"] for one in user["credentials"]] == [PASSWORD]
    roles = {role for user in users for role in user["realmRoles"]}
    assert roles <= {role["name"] for role in realm["roles"]["realm"]}


def test_the_gateways_client_needs_pkce_and_knows_no_other_flow(realm: dict[str, Any]) -> None:
    web = client(realm, WEB_CLIENT)
    assert web["attributes"]["pkce.code.challenge.method"] == "S256"
    assert web["standardFlowEnabled"] is True
    assert not web["implicitFlowEnabled"]
    assert not web["directAccessGrantsEnabled"]
    assert web["redirectUris"] == [PUBLIC_URL + CALLBACK]
    assert web["attributes"]["backchannel.logout.url"] == PUBLIC_URL + BACK_CHANNEL
    assert web["attributes"]["backchannel.logout.session.required"] == "true"


def test_programs_have_a_client_of_their_own(realm: dict[str, Any]) -> None:
    for id, known in SERVICE_CLIENTS.items():
        program = client(realm, id)
        assert program["secret"] == known.secret
        assert program["serviceAccountsEnabled"] is True
        assert program["standardFlowEnabled"] is False
        (account,) = [u for u in realm["users"] if u.get("serviceAccountClientId") == id]
        assert tuple(account["realmRoles"]) == known.roles


def test_nobody_may_choose_for_themselves_what_they_may_see(realm: dict[str, Any]) -> None:
    (provider,) = realm["components"]["org.keycloak.userprofile.UserProfileProvider"]
    profile = json.loads(provider["config"]["kc.user.profile.config"][0])
    assert "unmanagedAttributePolicy" not in profile
    by_name = {one["name"]: one for one in profile["attributes"]}
    for name in ("places", "org"):
        assert by_name[name]["permissions"] == {"view": ["admin"], "edit": ["admin"]}
    assert realm["registrationAllowed"] is False
    assert realm["realm"] == REALM


def test_programs_may_ask_for_the_scopes_that_the_development_issuer_gives(
    realm: dict[str, Any],
) -> None:
    known = {scope["name"] for scope in realm["clientScopes"]}
    assert {*SERVICES, *(f"{name}:read" for name in SERVICES)} <= known
    clients = {client["clientId"]: client for client in realm["clients"]}
    for program in SERVICE_CLIENTS.values():
        assert set(clients[program.id]["optionalClientScopes"]) == set(program.scopes) <= known


# --- how it gets here ----------------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place to install into."""
    monkeypatch.setattr(keycloak_server, "DISTRIBUTION", tmp_path / "keycloak" / "keycloak-1")
    return tmp_path


@pytest.fixture
def maven(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in Maven's place."""
    programs = elsewhere / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")

    def does(what: str) -> None:
        program = programs / "mvn"
        program.write_text(f"#!/bin/sh\n{what}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return does


needs_java = pytest.mark.skipif(find_java() is None, reason="there is no Java 17")


@needs_java
def test_where_it_cannot_be_fetched_mavens_reason_is_given(maven: Callable[[str], None]) -> None:
    maven("echo '[ERROR] Could not transfer artifact: Connection refused'; exit 1")
    with pytest.raises(LocalError, match=r"Maven .*: .*Connection refused"):
        keycloak_server.install()


@needs_java
def test_where_nobody_answers_nobody_waits_for_ever(
    maven: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    maven("exec sleep 600")
    monkeypatch.setattr(keycloak_server, "FETCHED_WITHIN", 0.2)
    with pytest.raises(LocalError, match="did not fetch"):
        keycloak_server.install()


@needs_java
def test_a_download_that_is_another_is_not_unpacked(
    elsewhere: Path, maven: Callable[[str], None]
) -> None:
    maven(f"echo other > {elsewhere}/keycloak/other.zip")
    with pytest.raises(LocalError, match="is not what it was"):
        keycloak_server.install()
    assert list((elsewhere / "keycloak").iterdir()) == []
    with pytest.raises(LocalError, match="make idp"):
        keycloak_server.KeycloakServer(elsewhere / "home")
