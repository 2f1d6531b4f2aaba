"""Signatures, with other implementations as the other side."""

import os
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given as held_for
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from services.subscriptions.calling.messages import webhook_id
from services.subscriptions.calling.signing import Signer, pair_of, secret_of

ID = "petitions/petition-1/3/0"


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def test_the_example_of_the_standards_own_libraries() -> None:
    signer = Signer(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    headers = signer.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@held_for(st.binary(min_size=24, max_size=64), st.text(max_size=200))
def test_standardwebhooks_takes_what_is_signed_with_the_secret(random: bytes, text: str) -> None:
    secret, body = secret_of(random), text.encode()
    headers = Signer([secret]).headers(ID, now(), body)
    Webhook(secret).verify(body, headers, json_parse=False)
    other = Signer([secret_of(random[::-1] + b"x")]).headers(ID, now(), body)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, other, json_parse=False)


@pytest.mark.parametrize("altered", ["webhook-id", "webhook-timestamp", "body"])
def test_whatever_is_altered_is_noticed(altered: str) -> None:
    secret, body = secret_of(os.urandom(32)), b"{}"
    headers = Signer([secret]).headers(ID, now(), body)
    if altered == "body":
        body = b"{ }"
    else:
        headers[altered] = str(now() + 1) if altered == "webhook-timestamp" else "another"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


def test_an_old_timestamp_is_noticed() -> None:
    secret = secret_of(os.urandom(32))
    headers = Signer([secret]).headers(ID, now() - 600, b"{}")
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(secret).verify(b"{}", headers)


def test_while_a_secret_is_rotated_both_sides_of_it_understand() -> None:
    former, present = secret_of(os.urandom(32)), secret_of(os.urandom(32))
    headers = Signer([present, former]).headers(ID, now(), b"{}")
    Webhook(former).verify(b"{}", headers)
    Webhook(present).verify(b"{}", headers)
    assert headers["webhook-signature"].count("v1,") == 2


def test_ed25519_by_the_standards_v1a() -> None:
    (private, public), (former, former_public) = pair_of(os.urandom(32)), pair_of(os.urandom(32))
    assert private.startswith("whsk_")
    body, timestamp = '{"标题":"路灯"}'.encode(), now()
    headers = Signer([private, former]).headers(ID, timestamp, body)
    signatures = headers["webhook-signature"].split(" ")
    assert all(each.startswith("v1a,") for each in signatures)
    signed = f"{ID}.{timestamp}.".encode() + body
    for each, key in zip(signatures, (public, former_public), strict=True):
        verifier = Ed25519PublicKey.from_public_bytes(b64decode(key.removeprefix("whpk_")))
        verifier.verify(b64decode(each.removeprefix("v1a,")), signed)
        with pytest.raises(InvalidSignature):
            verifier.verify(b64decode(each.removeprefix("v1a,")), signed + b" ")


@held_for(st.from_regex(r"[a-z.:/0-9-]{1,80}", fullmatch=True))
def test_no_id_has_a_dot_that_could_be_taken_for_its_end(id: str) -> None:
    assert "." not in webhook_id(id)
    assert webhook_id(id).replace("%2E", ".") == id
