"""A credential: issued from a sealed document, revoked, expired, replaced, forgotten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.ledger.credentials.plain_json import canonical
from services.ledger.domain.credentials.credential import (
    credential,
    digest_of,
    due,
    first_id,
    next_id,
    open_verbs,
)
from services.ledger.domain.credentials.credential_commands import (
    ForgetHolder,
    GiveUpCredential,
    IssueCredential,
    RevokeAsReplaced,
    RevokeAsWithdrawn,
    RevokeCredential,
    RevokedBecause,
)
from services.ledger.domain.credentials.credential_state import (
    Credential,
    CredentialForgotten,
    CredentialRevocationExplained,
    Draft,
    Status,
)
from services.ledger.domain.credentials.sealed_document import (
    DocumentLearnt,
    DocumentWithdrawn,
    HolderStruck,
    LearnDocument,
    LearnWithdrawal,
    SealedDocument,
    StrikeHolder,
    sealed_document,
)
from shared.contracts.event import Event
from shared.contracts.ledger.credentials import (
    CredentialEnd,
    CredentialExpired,
    CredentialIssued,
    CredentialKind,
    CredentialRevoked,
)
from shared.runtime.aggregate import Command, Tick
from tests.given import after, given
from tests.services.ledger.credentials.stories import (
    CODE,
    DIGEST,
    HELD,
    HOURS,
    ID,
    NOW,
    SALTS,
    SETTLEMENT,
    UNTIL,
    WORDS,
    issued,
    issuing,
)

PLACE = (1, 94_567)
ISSUE = IssueCredential("wang", WORDS, PLACE)
HOURS_KIND = CredentialKind.VOLUNTEERING_HOURS


def end(because: CredentialEnd, by: str | None = None, holder: str | None = "wang") -> Event:
    return CredentialRevoked(ID, HOURS_KIND, holder, because, by)


# --- issued --------------------------------------------------------------------------------------


def test_a_sealed_document_becomes_a_credential_of_its_holder() -> None:
    drafts: list[Draft] = []
    given(credential).when(ISSUE, facts=issuing(drafts=drafts)).then(*issued())
    (draft,) = drafts
    claims = {name: value for name, value in HOURS.items() if name != "type"}
    assert draft == Draft(
        "VolunteeringHoursCredential",
        {**claims, "document": DIGEST},
        SALTS,
        CODE,
        *PLACE,
        NOW,
        UNTIL,
    )


def test_a_settlement_becomes_one_of_its_own_kind_and_lasts_longer() -> None:
    words = canonical(dict(SETTLEMENT)).decode()
    drafts: list[Draft] = []
    told = issuing(SealedDocument("agreement:a1", ("wang", "lin")), drafts=drafts)
    until = NOW + timedelta(days=5 * 365)
    given(credential).when(IssueCredential("lin", words, PLACE), facts=told).then_among(
        CredentialIssued(ID, CredentialKind.SETTLEMENT, "lin", digest_of(words), until)
    )
    claims = {name: value for name, value in SETTLEMENT.items() if name != "type"}
    assert drafts[0].claims == {**claims, "document": digest_of(words)}


def test_each_holder_of_a_document_has_one_credential() -> None:
    assert first_id(DIGEST, "wang") != first_id(DIGEST, "lin")
    given(credential, *issued()).when(ISSUE, facts=issuing()).then_rejected("credential-exists")


@pytest.mark.parametrize(
    ("sealed", "code"),
    [
        (None, "not-sealed-for-you"),
        (SealedDocument(), "not-sealed-for-you"),
        (SealedDocument("certificate:c1", ("lin",)), "not-sealed-for-you"),
        (SealedDocument("certificate:c1", ("lin",), withdrawn=True), "not-sealed-for-you"),
        (SealedDocument("certificate:c1", ("wang",), withdrawn=True), "document-withdrawn"),
    ],
)
def test_what_was_not_sealed_for_somebody_becomes_nothing(
    sealed: SealedDocument | None, code: str
) -> None:
    given(credential).when(ISSUE, facts=issuing(sealed)).then_rejected(code)


def test_without_an_entry_in_a_status_list_nothing_is_issued() -> None:
    unplaced = replace(ISSUE, place=None)
    given(credential).when(unplaced, facts=issuing()).then_rejected("not-sealed-for-you")


@pytest.mark.parametrize(
    "document",
    [
        {**HOURS, "type": "other"},
        {**HOURS, "type": ["cn.jinlin.volunteering.certificate-of-hours.v1"]},
        {name: value for name, value in HOURS.items() if name not in ("type",)},
        {name: value for name, value in HOURS.items() if name != "minutes"},
        [1],
    ],
)
def test_of_other_documents_no_credential_is_made(document: Any) -> None:
    words = canonical(document).decode()
    asked = IssueCredential("wang", words, PLACE)
    given(credential).when(asked, facts=issuing()).then_rejected("no-credential-of-this")


def test_of_what_is_no_json_no_credential_is_made() -> None:
    asked = IssueCredential("wang", "hours", PLACE)
    given(credential).when(asked, facts=issuing()).then_rejected("no-credential-of-this")


# --- reissued ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "replaced",
    [
        HELD,
        replace(HELD, status=Status.EXPIRED),
        replace(HELD, status=Status.REVOKED, because="given-up"),
        replace(HELD, status=Status.REVOKED, because="key-given-up"),
    ],
)
def test_another_one_may_be_made_in_its_place(replaced: Credential) -> None:
    again = replace(ISSUE, replaces="c-old")
    given(credential).when(again, facts=issuing(replaced=replaced)).then(*issued("c-old"))


@pytest.mark.parametrize(
    "replaced",
    [
        None,
        replace(HELD, holder="lin"),
        replace(HELD, holder=None),
        replace(HELD, status=Status.REVOKED, because="reissued"),
        replace(HELD, status=Status.REVOKED, because="misused"),
        replace(HELD, status=Status.REVOKED, because="issued-in-error"),
        replace(HELD, status=Status.REVOKED, because="document-withdrawn"),
    ],
)
def test_what_ended_for_good_is_not_made_again(replaced: Credential | None) -> None:
    again = replace(ISSUE, replaces="c-old")
    told = issuing(replaced=replaced)
    given(credential).when(again, facts=told).then_rejected("not-to-be-reissued")


def test_the_one_that_was_replaced_counts_no_more() -> None:
    assert next_id(ID) != ID
    once = given(credential, *issued()).when(RevokeAsReplaced()).then(end(CredentialEnd.REISSUED))
    once.when(RevokeAsReplaced()).then()


# --- revoked, expired ----------------------------------------------------------------------------


def test_the_issuer_takes_it_back_and_says_why() -> None:
    revoke = RevokeCredential("root", RevokedBecause.MISUSED, "借给了别人使用")
    gone = (
        given(credential, *issued())
        .when(revoke)
        .then(end(CredentialEnd.MISUSED, "root"), CredentialRevocationExplained("借给了别人使用"))
    )
    assert gone.state.because == "misused"
    gone.when(revoke).then_rejected("credential-not-in-force")
    gone.when(RevokeAsWithdrawn()).then()
    gone.when(Tick(), at=UNTIL).then()


def test_its_holder_gives_it_up() -> None:
    gone = given(credential, *issued()).when(GiveUpCredential("wang"))
    gone.then(end(CredentialEnd.GIVEN_UP, "wang"))


def test_it_goes_with_the_document() -> None:
    gone = given(credential, *issued()).when(RevokeAsWithdrawn())
    gone.then(end(CredentialEnd.DOCUMENT_WITHDRAWN))


def test_it_expires_when_its_time_is_over() -> None:
    held = given(credential, *issued())
    assert due(held.state) == UNTIL
    held.when(Tick(), at=UNTIL - timedelta(milliseconds=1)).then()
    over = held.when(Tick(), at=UNTIL).then(CredentialExpired(ID, HOURS_KIND, "wang"))
    assert (due(over.state), open_verbs(over.state)) == (None, ())
    over.when(GiveUpCredential("wang")).then_rejected("credential-not-in-force")


def test_of_who_is_erased_it_says_nothing_more_and_stays_what_it_is() -> None:
    nameless = given(credential, *issued()).when(ForgetHolder()).then(CredentialForgotten())
    assert (nameless.state.holder, nameless.state.status) == (None, Status.ISSUED)
    nameless.when(ForgetHolder()).then()
    nameless.when(RevokeAsWithdrawn()).then(end(CredentialEnd.DOCUMENT_WITHDRAWN, holder=None))
    nameless.when(Tick(), at=UNTIL).then(CredentialExpired(ID, HOURS_KIND, None))


@pytest.mark.parametrize(
    "command",
    [
        GiveUpCredential("wang"),
        RevokeCredential("root", RevokedBecause.MISUSED, "借给了别人使用"),
    ],
)
def test_what_was_never_issued_is_not_revoked(command: Command) -> None:
    given(credential).when(command).then_rejected("credential-not-in-force")


def test_what_it_says_leaves_no_mark_on_the_state() -> None:
    state = after(credential, credential.initial, issued())
    assert "王小明" not in repr(state)
    assert open_verbs(state) == ("give-up", "revoke")


# --- what the ledger knows of a document ---------------------------------------------------------


def test_a_document_is_learnt_once_and_withdrawn_for_good() -> None:
    learn = LearnDocument("certificate:c1", ("wang", "lin"))
    learnt = DocumentLearnt("certificate:c1", ("wang", "lin"))
    known = given(sealed_document).when(learn).then(learnt)
    known.when(learn).then()
    gone = known.when(LearnWithdrawal()).then(DocumentWithdrawn())
    gone.when(LearnWithdrawal()).then()
    left = known.when(StrikeHolder("wang")).then(HolderStruck("wang"))
    assert left.state.holders == ("lin",)
    left.when(StrikeHolder("wang")).then()
    left.when(Tick()).then()


def test_a_withdrawal_that_comes_first_counts() -> None:
    gone = given(sealed_document).when(LearnWithdrawal()).then(DocumentWithdrawn())
    known = gone.when(LearnDocument("certificate:c1", ("wang",)))
    assert known.then(DocumentLearnt("certificate:c1", ("wang",))).state.withdrawn
