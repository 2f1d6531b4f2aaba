"""Credential (可验证凭证): a sealed document in a form that its holder shows as they choose, and
that anybody checks.

One is in force for each document and holder. They may have another one made in its place, with
other salts and another code: when it has expired, or fell into wrong hands.
"""

from datetime import datetime
from hashlib import sha256

from services.ledger.domain.credentials.credential_commands import (
    ForgetHolder,
    GiveUpCredential,
    IssueCredential,
    RevokeAsReplaced,
    RevokeAsWithdrawn,
    RevokeCredential,
)
from services.ledger.domain.credentials.credential_state import (
    Credential,
    CredentialEntered,
    CredentialForgotten,
    CredentialRevocationExplained,
    CredentialWritten,
    Draft,
    Issuing,
    Status,
    evolve,
)
from services.ledger.domain.credentials.documents import claims_of, form_of, read_document
from shared.contracts.event import Event
from shared.contracts.ledger.credentials import (
    CredentialEnd,
    CredentialExpired,
    CredentialIssued,
    CredentialRevoked,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

MAY_COME_BACK = frozenset({CredentialEnd.KEY_GIVEN_UP, CredentialEnd.GIVEN_UP})
"""Who had a credential revoked for one of these may have another one made."""


def digest_of(words: str) -> str:
    """The SHA-256 of a document, in hex."""
    return sha256(words.encode()).hexdigest()


def first_id(digest: str, holder: str) -> str:
    """The id of the first credential that somebody has made from a document: so there is one at a
    time.
    """
    return sha256(f"credential-of:{digest}:{holder}".encode()).hexdigest()[:32]


def next_id(credential: str) -> str:
    """The id of the credential that is issued in the place of another."""
    return sha256(f"replaces:{credential}".encode()).hexdigest()[:32]


def decide(
    command: Command, credential: Credential, now: datetime, issuing: Issuing | None = None
) -> list[Event]:
    """What follows from a command; only `IssueCredential` is told how to issue."""
    in_force = credential.status is Status.ISSUED
    match command:
        case Tick():
            moment = due(credential)
            return [] if moment is None or now < moment else [expired(credential)]
        case IssueCredential() if issuing is not None and credential.status is Status.NONE:
            return issued(command, now, issuing)
        case IssueCredential():
            raise Rejected(
                "credential-exists", "there is a credential of this document: use it or reissue it"
            )
        case RevokeAsWithdrawn():
            return [revoked(credential, CredentialEnd.DOCUMENT_WITHDRAWN)] if in_force else []
        case RevokeAsReplaced():
            return [revoked(credential, CredentialEnd.REISSUED)] if in_force else []
        case ForgetHolder():
            return [] if credential.holder is None else [CredentialForgotten()]
        case GiveUpCredential(by=by) if in_force:
            return [revoked(credential, CredentialEnd.GIVEN_UP, by)]
        case RevokeCredential(by=by, because=because, reason=reason) if in_force:
            return [
                revoked(credential, CredentialEnd(because.value), by),
                CredentialRevocationExplained(reason),
            ]
    raise Rejected("credential-not-in-force", "this credential expired or was revoked already")


def issued(command: IssueCredential, now: datetime, issuing: Issuing) -> list[Event]:
    """A credential of a document that was sealed for its holder, and still counts."""
    sealed, place = issuing.sealed, command.place
    if sealed is None or command.holder not in sealed.holders:
        raise not_sealed()
    if sealed.withdrawn:
        raise Rejected("document-withdrawn", "this document was withdrawn: it proves nothing more")
    document = read_document(command.words)
    form = form_of(document)
    if form is None:
        raise Rejected(
            "no-credential-of-this", "no credential is made from a document of this type"
        )
    if command.replaces is not None:
        must_be_replaceable(issuing.replaced, command.holder)
    if place is None:
        raise not_sealed()
    digest = digest_of(command.words)
    until = (now + form.valid_for).replace(microsecond=0)
    claims = claims_of(document, form, digest)
    draft = Draft(form.name, claims, issuing.salts, issuing.code, *place, now, until)
    written = issuing.write(draft)
    return [
        CredentialIssued(
            issuing.credential, form.about, command.holder, digest, until, command.replaces
        ),
        CredentialEntered(issuing.code, *place, now),
        CredentialWritten(command.words, written.credential, written.disclosures),
    ]


def not_sealed() -> Rejected:
    """The same for whoever asks, whether it was sealed for somebody else or for nobody."""
    return Rejected(
        "not-sealed-for-you",
        "no seal is known of exactly this document with you as its holder; if it was made only "
        "just now, try again in a minute",
    )


def must_be_replaceable(replaced: Credential | None, holder: str) -> None:
    """Raises `Rejected` where no other credential may stand in its place."""
    if replaced is None or replaced.holder != holder or not may_be_replaced(replaced):
        raise Rejected(
            "not-to-be-reissued",
            "only a credential that is in force, has expired, was given up or lost its key is "
            "reissued, and once",
        )


def may_be_replaced(credential: Credential) -> bool:
    """Whether its holder may have another one made in its place."""
    if credential.status is Status.REVOKED:
        return credential.because in MAY_COME_BACK
    return credential.status in (Status.ISSUED, Status.EXPIRED)


def revoked(
    credential: Credential, because: CredentialEnd, by: str | None = None
) -> CredentialRevoked:
    """It counts no more."""
    return CredentialRevoked(
        credential.credential, credential.about, credential.holder, because, by
    )


def expired(credential: Credential) -> CredentialExpired:
    """Its time is over."""
    return CredentialExpired(credential.credential, credential.about, credential.holder)


def due(credential: Credential) -> datetime | None:
    """When it expires."""
    return credential.valid_until if credential.status is Status.ISSUED else None


def open_verbs(credential: Credential) -> tuple[str, ...]:
    """The verbs that this credential knows now."""
    return ("give-up", "revoke") if credential.status is Status.ISSUED else ()


credential = Aggregate(
    kind="credential",
    initial=Credential(),
    decide=decide,
    evolve=evolve,
    events=(
        CredentialIssued,
        CredentialEntered,
        CredentialWritten,
        CredentialRevoked,
        CredentialRevocationExplained,
        CredentialExpired,
        CredentialForgotten,
    ),
    due=due,
)
