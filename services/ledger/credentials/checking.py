"""Checking a credential, or a presentation of one: valid, altered, revoked or expired.

It asks nobody: what it needs is the issuer's DID document, the time, and a status list where it is
to say whether the credential was revoked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.ledger.credentials import status_list
from services.ledger.credentials.data_integrity import PURPOSE, verified
from services.ledger.credentials.disclosing import WrongDisclosure, shown
from services.ledger.credentials.issuers import Issuer, WrongKeys, read_moment
from services.ledger.credentials.plain_json import Unreadable
from services.ledger.credentials.status_list import WrongList
from services.ledger.credentials.writing import SUBJECT, V2, presentation

VERIFIABLE = "VerifiableCredential"


class Verdict(StrEnum):
    """What is to be thought of a credential. Only `VALID` is good."""

    VALID = "valid"
    ALTERED = "altered"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET = "not-yet-valid"
    UNKNOWN_KEY = "unknown-key"
    UNKNOWN_STATUS = "unknown-status"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict and what it rests on. `shown` are the claims that the holder chose to show,
    `hidden` how many more there are; `status_of` is the time whose status list was looked at, None
    where none was. Of an altered credential nothing is told but `wrong`.
    """

    verdict: Verdict
    wrong: str = ""
    kind: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_until: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)
    hidden: int = 0
    status_of: str | None = None


class _Altered(Exception):
    """It does not say what was signed."""


class _Unknown(Exception):
    """No key that is known and counts signed it."""


@dataclass(frozen=True, slots=True)
class _Signed:
    """A credential whose proof was verified, and its validity."""

    document: dict[str, Any]
    since: datetime
    until: datetime


def check(
    given: Any, issuer: Issuer, now: datetime, listed: Mapping[str, Any] | None = None
) -> Finding:
    """What is to be thought of a credential, or of a presentation of one, at a time. `listed` is
    the status list that the credential names. Raises `Unreadable` for what is neither.
    """
    credential, disclosures = _parts(given)
    try:
        known = _signed(credential, issuer)
        claims = _claims(known.document, disclosures)
    except _Altered as altered:
        return Finding(Verdict.ALTERED, str(altered))
    except _Unknown as unknown:
        return Finding(Verdict.UNKNOWN_KEY, str(unknown))
    verdict, wrong, status_of = Verdict.VALID, "", None
    if now < known.since:
        verdict = Verdict.NOT_YET
    elif now >= known.until:
        verdict = Verdict.EXPIRED
    if listed is not None:
        try:
            revoked, status_of = _status(known.document, listed, issuer, now)
        except (WrongList, _Altered, _Unknown) as error:
            wrong = str(error)
            if verdict is Verdict.VALID:
                verdict = Verdict.UNKNOWN_STATUS
        else:
            verdict = Verdict.REVOKED if revoked else verdict
    document = known.document
    return Finding(
        verdict,
        wrong,
        document["type"][-1],
        document["issuer"],
        document["validFrom"],
        document["validUntil"],
        claims,
        len(_digests(document)) - len(claims),
        status_of,
    )


def _parts(given: Any) -> tuple[dict[str, Any], list[Any]]:
    """The credential, and what is shown of it."""
    if not isinstance(given, dict):
        raise Unreadable("neither a credential nor a presentation")
    if "verifiableCredential" not in given:
        if "proof" not in given or "credentialSubject" not in given:
            raise Unreadable("neither a credential nor a presentation")
        return given, []
    inside, disclosures = given["verifiableCredential"], given.get("disclosures", [])
    if not (isinstance(inside, list) and len(inside) == 1 and isinstance(inside[0], dict)):
        raise Unreadable("a presentation of one credential is expected")
    if not isinstance(disclosures, list):
        raise Unreadable("the claims that are shown are a list")
    # Nothing may stand around the credential that nobody signed.
    if given != presentation(inside[0], disclosures):
        raise Unreadable("a presentation with more in it than a credential and its claims")
    return inside[0], disclosures


def _signed(credential: dict[str, Any], issuer: Issuer) -> _Signed:
    """A credential, once its proof was verified with a key of the issuer."""
    proof = credential.get("proof")
    if not isinstance(proof, dict) or proof.get("proofPurpose") != PURPOSE:
        raise _Altered("it has no proof that somebody asserts it")
    method = proof.get("verificationMethod")
    key = issuer.keys.get(method) if isinstance(method, str) else None
    if key is None or credential.get("issuer") != issuer.did:
        raise _Unknown("it was not signed with a key of this issuer")
    document = verified(credential, key.public)
    if document is None or document.get("@context") != credential.get("@context"):
        raise _Altered("the signature is not of this content")
    try:
        created = read_moment(proof.get("created"))
        since, until = read_moment(document["validFrom"]), read_moment(document["validUntil"])
    except (WrongKeys, KeyError):
        raise _Altered("it does not say from when until when it is valid") from None
    if key.revoked is not None:
        raise _Unknown("the key that signed it was given up: nothing that it signed counts")
    if key.expires is not None and created > key.expires:
        raise _Unknown("it was signed with a key whose time was over")
    context, kinds = document.get("@context"), document.get("type")
    if (
        not isinstance(context, list)
        or context[:1] != [V2]
        or not isinstance(kinds, list)
        or kinds[:1] != [VERIFIABLE]
        or not isinstance(kinds[-1], str)
    ):
        raise _Altered("it is no Verifiable Credential 2.0")
    return _Signed(document, since, until)


def _claims(document: dict[str, Any], disclosures: list[Any]) -> dict[str, Any]:
    try:
        return shown(_digests(document), disclosures)
    except WrongDisclosure as wrong:
        raise _Altered(str(wrong)) from None


def _digests(document: dict[str, Any]) -> list[str]:
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict) or subject.get("type") != SUBJECT:
        return []
    digests = subject.get("claimDigests")
    return digests if isinstance(digests, list) else []


def _status(
    document: dict[str, Any], listed: Mapping[str, Any], issuer: Issuer, now: datetime
) -> tuple[bool, str]:
    """Whether it was revoked, and as of when the list says so."""
    status = document.get("credentialStatus")
    if not isinstance(status, dict):
        raise WrongList("the credential names no status list")
    known = _signed(dict(listed), issuer)
    if not known.since <= now < known.until:
        raise WrongList("the status list is not of today: ask for a new one")
    return status_list.is_revoked(status, known.document), known.document["validFrom"]
