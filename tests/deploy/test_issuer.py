"""The development issuer: its tokens, its keys, and whom it refuses."""

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from deploy.local.issuer import IssuerProcess, jwks, load_key, mint, new_key
from deploy.local.layout import ROOT, LocalError
from deploy.local.people import split
from deploy.local.processes import free_port

ISSUER = "http://127.0.0.1:8100"


def _claims(token: str, keys: dict[str, Any]) -> dict[str, Any]:
    return dict(jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"]).claims)


@pytest.fixture
def client(issuer: IssuerProcess) -> Iterator[httpx.Client]:
    # No proxy of the environment stands between a test and its own machine.
    with httpx.Client(base_url=issuer.url, trust_env=False) as client:
        yield client


def test_a_token_says_who_asks_and_what_for() -> None:
    key = new_key()
    before = int(time.time())
    token = mint(key, ISSUER, "w1", ["grid-worker"], ["350102001"], org="dept-7", lifetime=60)
    claims = _claims(token, jwks(key))
    assert before <= claims["iat"] <= time.time()
    assert claims["exp"] == claims["iat"] + 60
    assert claims.pop("jti")
    del claims["iat"], claims["exp"]
    assert claims == {
        "iss": ISSUER,
        "aud": "jinlin",
        "sub": "w1",
        "roles": ["grid-worker"],
        "places": ["350102001"],
        "org": "dept-7",
    }


def test_a_token_without_an_organisation_has_no_such_claim() -> None:
    key = new_key()
    assert "org" not in _claims(mint(key, ISSUER, "r1", ["resident"], []), jwks(key))


def test_claims_can_be_bent_for_tests_of_refusal() -> None:
    key = new_key()
    claims = _claims(mint(key, ISSUER, "r1", [], [], lifetime=-5, aud="other"), jwks(key))
    assert claims["aud"] == "other"
    assert claims["exp"] < time.time()


def test_no_two_tokens_have_the_same_id() -> None:
    key = new_key()
    tokens = [mint(key, ISSUER, "r1", [], []) for _ in range(20)]
    assert len({_claims(token, jwks(key))["jti"] for token in tokens}) == 20


def test_another_key_does_not_verify() -> None:
    token = mint(new_key(), ISSUER, "r1", [], [])
    other = jwks(new_key())
    other["keys"][0].pop("kid")
    with pytest.raises(BadSignatureError):
        jwt.decode(token, KeySet.import_key_set(other).keys[0], algorithms=["ES256"])


def test_the_published_key_holds_nothing_private() -> None:
    (key,) = jwks(new_key())["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "key.json"
    first = load_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_key(file).as_dict(private=True) == first.as_dict(private=True)
    assert os.listdir(file.parent) == ["key.json"]


def test_processes_that_make_the_first_key_at_once_agree(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: load_key(file).as_dict()["kid"], range(16)))
    assert len(set(keys)) == 1


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"kty":"oct","k":"AAAA"}'])
def test_a_file_without_a_key_is_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "key.json"
    file.write_text(content)
    with pytest.raises(LocalError, match=r"key\.json .*remove it"):
        load_key(file)


def test_a_public_key_does_not_sign(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(new_key().as_dict(private=False)))
    with pytest.raises(LocalError, match="no private key"):
        load_key(file)


def test_a_form_becomes_a_token(client: httpx.Client) -> None:
    form = {"sub": "w1", "roles": "grid-worker, resident", "places": "a,b", "org": "o1"}
    answer = client.post("/token", data=form)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 43200)
    claims = _claims(body["access_token"], client.get("/jwks").json())
    assert claims["roles"] == ["grid-worker", "resident"]
    assert claims["places"] == ["a", "b"]
    assert claims["org"] == "o1"


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({}, "sub is missing"),
        ({"sub": "  "}, "sub is missing"),
        ({"sub": "w1", "lifetime": "0"}, "lifetime"),
        ({"sub": "w1", "lifetime": "-1"}, "lifetime"),
        ({"sub": "w1", "lifetime": "soon"}, "lifetime"),
        ({"sub": "w1", "lifetime": "99999999999"}, "lifetime"),
        ({"sub": "x" * 20_000}, "longer than"),
    ],
)
def test_a_form_that_cannot_be_granted_hears_why(
    client: httpx.Client, form: dict[str, str], why: str
) -> None:
    answer = client.post("/token", data=form)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"
    assert why in answer.json()["error_description"]


@pytest.mark.parametrize("mode", [None, "production", "LOCAL", ""])
def test_it_does_not_start_outside_local_mode(tmp_path: Path, mode: str | None) -> None:
    environment = {name: text for name, text in os.environ.items() if name != "JINLIN_MODE"}
    environment |= {"JINLIN_VAR": str(tmp_path), "JINLIN_ISSUER_PORT": str(free_port())}
    if mode is not None:
        environment["JINLIN_MODE"] = mode
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.issuer"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "JINLIN_MODE=local only" in done.stderr
    assert not (tmp_path / "issuer-key.json").exists()


def test_what_it_publishes_is_enough_to_check_its_tokens(
    issuer: IssuerProcess, client: httpx.Client
) -> None:
    document = client.get("/.well-known/openid-configuration").json()
    assert document["issuer"] == issuer.url
    keys = client.get(document["jwks_uri"]).json()
    assert _claims(issuer.token("w1", ["grid-worker"]), keys)["sub"] == "w1"
    granted = client.post(document["token_endpoint"], data={"sub": "w2"}).json()["access_token"]
    assert _claims(granted, keys)["iss"] == issuer.url


def test_a_list_is_split_at_commas() -> None:
    assert split(" a, b ,,c") == ["a", "b", "c"]
    assert split("") == []
