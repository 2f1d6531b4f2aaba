"""Who signs, as a DID document: the issuer's keys, the present one and those before it.

Source: W3C Decentralized Identifiers v1.0, the method ``did:web`` of the W3C Credentials Community
Group, and W3C Controlled Identifiers v1.0 for ``expires`` and ``revoked``. A key's id is the key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from services.ledger.credentials.multibase import WrongBase, from_multikey, multikey
from services.ledger.credentials.writing import moment

MOST_KEYS = 100


class WrongKeys(ValueError):
    """It is no DID document with keys of ours."""


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A public key: what it signed counts, unless it was signed after `expires`; nothing counts
    once it is `revoked`.
    """

    public: bytes
    expires: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose credentials are checked, with the keys by the id of their verification method."""

    did: str
    keys: dict[str, IssuerKey] = field(default_factory=dict)


def did_web(base: str) -> str:
    """The ``did:web`` of an address: its host, with the port where it has one, and its path."""
    parts = urlsplit(base)
    path = [part for part in parts.path.split("/") if part]
    return ":".join(["did:web", *(quote(part, safe="") for part in (parts.netloc, *path))])


def method_of(did: str, public: bytes) -> str:
    """The id of the verification method with this key."""
    return f"{did}#{multikey(public)}"


def did_document(did: str, keys: Sequence[IssuerKey]) -> dict[str, Any]:
    """The issuer's DID document, the present key first."""
    methods = []
    for key in keys:
        method = {
            "id": method_of(did, key.public),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey(key.public),
        }
        for name, at in (("expires", key.expires), ("revoked", key.revoked)):
            if at is not None:
                method[name] = moment(at)
        methods.append(method)
    return {
        "@context": ["https://www.w3.org/ns/cid/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def read_did_document(document: Any) -> Issuer:
    """The issuer that a DID document tells of. Raises `WrongKeys`."""
    try:
        did, methods = document["id"], document["verificationMethod"]
        asserting = set(document["assertionMethod"])
        if not isinstance(did, str) or len(methods) > MOST_KEYS:
            raise WrongKeys("an id and its keys are expected")
        keys = {
            one["id"]: IssuerKey(
                from_multikey(one["publicKeyMultibase"]),
                read_moment(one["expires"]) if "expires" in one else None,
                read_moment(one["revoked"]) if "revoked" in one else None,
            )
            for one in methods
            if one["type"] == "Multikey" and one["controller"] == did and one["id"] in asserting
        }
    except (KeyError, TypeError, AttributeError, WrongBase) as error:
        raise WrongKeys(f"no DID document with Ed25519 keys ({error})") from None
    if not keys:
        raise WrongKeys("no key in it may sign credentials")
    return Issuer(did, keys)


def read_moment(text: object) -> datetime:
    """A time with its zone, as credentials have it. Raises `WrongKeys`."""
    try:
        at = datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise WrongKeys("a time that is none") from None
    if at.tzinfo is None:
        raise WrongKeys("a time without its zone")
    return at
