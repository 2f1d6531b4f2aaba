"""Salted digests: a credential holds one of each claim, and its holder shows what they choose.

The digest of a claim is SHA-256 over the canonical form (RFC 8785) of ``[salt, name, value]``, in
base64url. A salt is 16 random bytes, of one claim of one credential: without it nobody finds out by
trying what a digest stands for, not even whether somebody is called Wang. The digests stand in the
order of their own values, which says nothing either. The idea is that of SD-JWT and of
ISO/IEC 18013-5.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from services.ledger.credentials.multibase import WrongBase, base64url, from_base64url
from services.ledger.credentials.plain_json import Unreadable, canonical

SALT_BYTES = 16
MOST_CLAIMS = 100
LONGEST_NAME = 64


class WrongDisclosure(ValueError):
    """What is shown does not stand in the credential."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a credential says, with the salt that shows it."""

    salt: str
    name: str
    value: Any

    @property
    def digest(self) -> str:
        """What stands in the credential. Raises `Unreadable`."""
        hidden = sha256(canonical([self.salt, self.name, self.value])).digest()
        return base64url(hidden)

    def as_json(self) -> dict[str, Any]:
        """As it is kept and shown."""
        return {"salt": self.salt, "name": self.name, "value": self.value}


def salted(values: Mapping[str, Any], salts: Sequence[str]) -> tuple[Claim, ...]:
    """The claims, each with a salt of its own. Raises ValueError where the salts are too few or not
    all different.
    """
    if len(values) > len(salts) or len({*salts}) != len(salts):
        raise ValueError("every claim has a salt of its own")
    claims = zip(values.items(), salts, strict=False)
    return tuple(Claim(salt, name, value) for (name, value), salt in claims)


def digests(claims: Collection[Claim]) -> list[str]:
    """What a credential holds of its claims."""
    return sorted(claim.digest for claim in claims)


def read_claim(given: Any) -> Claim:
    """A claim as somebody shows it. Raises `WrongDisclosure`."""
    if not isinstance(given, dict) or given.keys() != {"salt", "name", "value"}:
        raise WrongDisclosure("a claim has a salt, a name and a value")
    salt, name = given["salt"], given["name"]
    if not isinstance(salt, str) or not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise WrongDisclosure("salt and name are texts")
    try:
        if len(from_base64url(salt)) != SALT_BYTES:
            raise WrongDisclosure(f"a salt has {SALT_BYTES} bytes")
    except WrongBase:
        raise WrongDisclosure("a salt is written in base64url") from None
    return Claim(salt, name, given["value"])


def shown(held: Collection[str], given: Sequence[Any]) -> dict[str, Any]:
    """The claims by name, where each stands in the credential by its digest and once. Raises
    `WrongDisclosure`.
    """
    if len(given) > MOST_CLAIMS:
        raise WrongDisclosure("more claims than a credential has")
    read: dict[str, Any] = {}
    for claim in map(read_claim, given):
        try:
            digest = claim.digest
        except Unreadable:
            raise WrongDisclosure("a value that has no canonical form") from None
        if digest not in held:
            raise WrongDisclosure(f"the credential does not say this of “{claim.name}”")
        if claim.name in read:
            raise WrongDisclosure(f"“{claim.name}” is shown twice")
        read[claim.name] = claim.value
    return read
