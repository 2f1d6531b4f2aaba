"""What happened to a document and a credential, told in events; and what issuing is told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.ledger.credentials.plain_json import canonical
from services.ledger.domain.credentials.credential import digest_of, first_id
from services.ledger.domain.credentials.credential_state import (
    Credential,
    CredentialEntered,
    CredentialWritten,
    Draft,
    Issuing,
    Status,
    Written,
)
from services.ledger.domain.credentials.documents import MOST_CLAIMS
from services.ledger.domain.credentials.sealed_document import SealedDocument
from shared.contracts.event import Event
from shared.contracts.ledger.credentials import CredentialIssued, CredentialKind
from tests.given import NOTHING_SPECIAL

NOW = NOTHING_SPECIAL
UNTIL = NOW + timedelta(days=3 * 365)
HOURS: Mapping[str, Any] = {
    "type": "cn.jinlin.volunteering.certificate-of-hours.v1",
    "number": "V0000000129",
    "volunteer": "wang",
    "name": "王小明",
    "from": "2026-01-01",
    "to": "2026-06-30",
    "issued_at": "2026-07-01T01:00:00.000Z",
    "minutes": 120,
    "services": [
        {
            "work": "w1",
            "kind": "activity",
            "place": "n1",
            "team": None,
            "begun": "2026-05-03T01:00:00.000Z",
            "minutes": 120,
        }
    ],
    "replaces": None,
}
SETTLEMENT: Mapping[str, Any] = {
    "type": "cn.jinlin.mediation.settlement.v1",
    "agreement": "a1",
    "version": 2,
    "dispute": "d1",
    "kind": "shared-space",
    "drafted_at": "2026-07-01T01:00:00.000Z",
    "cooling_off_days": 0,
    "mediator": "chen",
    "parties": [
        {"party": "p1", "side": "a", "subject": "wang", "organisation": None, "name": "王小明"},
        {"party": "p2", "side": "b", "subject": "lin", "organisation": None, "name": None},
    ],
    "clauses": [
        {
            "clause": 1,
            "party": "p2",
            "what": "搬走楼道里的杂物",
            "until": "2026-08-01T16:00:00.000Z",
            "cents": None,
        }
    ],
    "whole": True,
    "open_points": [],
}
WORDS = canonical(dict(HOURS)).decode()
DIGEST = digest_of(WORDS)
ID = first_id(DIGEST, "wang")
CODE = "ABCDEFGHJK2"
SALTS = tuple(f"salt-{n}" for n in range(MOST_CLAIMS))
SEALED = SealedDocument("certificate:c1", ("wang",))


def issuing(
    sealed: SealedDocument | None = SEALED,
    replaced: Credential | None = None,
    drafts: list[Draft] | None = None,
) -> Issuing:
    """What issuing is told; what is to be written is put into `drafts`."""

    def write(draft: Draft) -> Written:
        if drafts is not None:
            drafts.append(draft)
        return Written("the credential", "the claims")

    return Issuing(ID, sealed, replaced, CODE, SALTS, write)


def issued(replaces: str | None = None) -> list[Event]:
    """A credential of hours."""
    return [
        CredentialIssued(ID, CredentialKind.VOLUNTEERING_HOURS, "wang", DIGEST, UNTIL, replaces),
        CredentialEntered(CODE, 1, 94_567, NOW),
        CredentialWritten(WORDS, "the credential", "the claims"),
    ]


HELD = Credential(status=Status.ISSUED, holder="wang")
