"""Whose token is taken, and whose is not."""

import base64
import hmac
import json
import time
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from shared.runtime import keys, signed_tokens
from shared.runtime.identity import Caller, TokenVerifier
from shared.runtime.keys import IssuerKeys, IssuerUnavailable
from shared.runtime.signed_tokens import NotAuthenticated
from tests.identity import ISSUER, Issuer
from tests.runtime.lamp_service import world


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


async def test_a_valid_token_tells_the_caller(issuer: Issuer) -> None:
    token = issuer.token("u1", ["resident"], ["350102"], org="o1")
    caller = await issuer.verifier().verify(token)
    assert caller == Caller("u1", frozenset({"resident"}), frozenset({"350102"}), "o1")


async def test_roles_may_stand_where_keycloak_puts_them(issuer: Issuer) -> None:
    token = issuer.token(roles=["a"], realm_access={"roles": ["b"]})
    assert (await issuer.verifier().verify(token)).roles == {"a", "b"}


async def test_rs256_is_taken_beside_an_encryption_key(issuer: Issuer) -> None:
    issuer.keys.append(RSAKey.generate_key(2048, {"kid": "rsa"}))
    hidden = RSAKey.generate_key(2048, {"kid": "enc"})
    issuer.extra.append({**hidden.as_dict(private=False), "use": "enc", "alg": "RSA-OAEP"})
    verifier = issuer.verifier()
    assert (await verifier.verify(issuer.token("u1"))).sub == "u1"
    with pytest.raises(NotAuthenticated):
        await verifier.verify(issuer.token("u1", key=hidden))


def unsigned(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims)}."


def altered(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["roles"] = ["administrator"]
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{forged}.{signature}"


def signed_with_the_public_key(issuer: Issuer) -> str:
    """As an attacker makes it: the public key, known to all, taken for a shared secret."""
    token = issuer.token(header={"kid": "first"})
    head = json.dumps({"alg": "HS256", "kid": "first"}).encode()
    signed = f"{_text(head)}.{token.split('.')[1]}"
    secret = issuer.keys[0].as_pem(private=False)
    return f"{signed}.{_text(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def refused(issuer: Issuer) -> dict[str, str]:
    """Tokens nobody may get in with, by what is wrong with them."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": "jinlin", "sub": "u1", "exp": now + 600}
    stranger = ECKey.generate_key("P-256", {"kid": "first"})
    return {
        "none": unsigned(claims),
        "shared secret": signed_with_the_public_key(issuer),
        "altered": altered(issuer.token()),
        "another's signature": issuer.token(key=stranger),
        "unknown key": issuer.token(key=ECKey.generate_key("P-256", {"kid": "other"})),
        "audience": issuer.token(aud="elsewhere"),
        "no audience": issuer.token(aud=None),
        "issuer": issuer.token(iss="https://other.test"),
        "expired": issuer.token(exp=now - signed_tokens.LEEWAY - 5),
        "no expiry": issuer.token(exp=None),
        "not yet": issuer.token(nbf=now + 3600),
        "no subject": issuer.token(sub=""),
        "subject with a stream's slash": issuer.token(sub="a/b"),
        "roles no list": issuer.token(realm_access={"roles": "administrator"}),
        "garbage": "x.y.z",
        "empty": "...",
        "long": "a" * 10_000,
    }


async def test_every_other_token_is_refused(issuer: Issuer) -> None:
    for what, token in refused(issuer).items():
        try:
            caller = await issuer.verifier().verify(token)
        except NotAuthenticated:
            continue
        pytest.fail(f"{what} was taken for {caller}")


async def test_over_http_a_refused_token_is_401_with_a_challenge() -> None:
    async with world() as at:
        for what, token in refused(at.issuer).items():
            answer = await at.client.get("/lamps/x", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 401, what
            assert 'error="invalid_token"' in answer.headers["www-authenticate"]
            assert token not in answer.text
        for headers in ({}, {"Authorization": "Basic dTpw"}, {"Authorization": "Bearer "}):
            answer = await at.client.get("/lamps/x", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == 'Bearer realm="jinlin"'


async def test_over_http_an_issuer_that_is_away_is_503() -> None:
    async with world() as at:
        at.issuer.away = True
        answer = await at.ask("GET", "/lamps/x")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]


async def test_a_new_key_is_looked_up_but_not_at_every_stranger_s_wish(issuer: Issuer) -> None:
    now = 0.0
    verifier = TokenVerifier(ISSUER, "jinlin", IssuerKeys(issuer.jwks, lambda: now))
    await verifier.verify(issuer.token())
    issuer.keys.append(ECKey.generate_key("P-256", {"kid": "second"}))
    now += keys.RELOAD_PAUSE + 1
    assert (await verifier.verify(issuer.token("u2"))).sub == "u2"
    assert issuer.loads == 2
    for n in range(20):
        with pytest.raises(NotAuthenticated):
            await verifier.verify(issuer.token(key=ECKey.generate_key("P-256", {"kid": f"x{n}"})))
    assert issuer.loads == 2


async def test_a_withdrawn_key_ends_what_it_signed(issuer: Issuer) -> None:
    now = 0.0
    verifier = TokenVerifier(ISSUER, "jinlin", IssuerKeys(issuer.jwks, lambda: now))
    old = issuer.token("u1")
    await verifier.verify(old)
    assert verifier.known(old) == Caller("u1")
    issuer.keys = [ECKey.generate_key("P-256", {"kid": "second"})]
    now += keys.KEYS_LAST + 1
    await verifier.verify(issuer.token("u2"))
    assert verifier.known(old) is None
    with pytest.raises(NotAuthenticated):
        await verifier.verify(old)


async def test_a_known_token_is_remembered_until_it_expires(issuer: Issuer) -> None:
    now = time.time()
    verifier = TokenVerifier(ISSUER, "jinlin", IssuerKeys(issuer.jwks), lambda: now)
    token = issuer.token("u1")
    await verifier.verify(token)
    assert verifier.known(token) == Caller("u1")
    now += 600 + signed_tokens.LEEWAY
    assert verifier.known(token) is None
    with pytest.raises(NotAuthenticated):
        await verifier.verify(token)


async def test_keys_once_had_serve_on_while_the_issuer_is_away(issuer: Issuer) -> None:
    now = 0.0
    verifier = TokenVerifier(ISSUER, "jinlin", IssuerKeys(issuer.jwks, lambda: now))
    issuer.away = True
    with pytest.raises(IssuerUnavailable):
        await verifier.verify(issuer.token())
    issuer.away = False
    now += keys.RETRY_PAUSE
    await verifier.verify(issuer.token("u1"))
    issuer.away = True
    now += keys.KEYS_LAST + 1
    assert (await verifier.verify(issuer.token("u2"))).sub == "u2"
