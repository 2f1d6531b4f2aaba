"""Attachments, and what is done by receipt."""

from dataclasses import replace

import pytest

from services.petitions.domain.attachments import Attach, AttachmentAdded, AttachmentCounted
from services.petitions.domain.by_receipt import RateByReceipt
from services.petitions.domain.commands import ConfirmSolved
from services.petitions.domain.dossier import WordGiven
from services.petitions.domain.petition import petition
from services.petitions.domain.reporting import ReporterKept
from services.petitions.domain.state import REPORTER, Petition
from shared.contracts.petitions import PetitionRated
from shared.contracts.types import PetitionKind
from tests.given import Given
from tests.services.petitions.town import (
    FILE,
    GRID_HEAD,
    MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    WEDNESDAY,
    filed,
    reply,
    told,
)

PICTURE = Attach(RESIDENT, "f1", "井盖.jpg", "image/jpeg", 120_000, "ab" * 32)
FOR_A_CALLER = replace(FILE, by="desk-1", on_behalf=True, channel="hotline")


def added(by: str = RESIDENT) -> AttachmentAdded:
    return AttachmentAdded(by, "f1", "井盖.jpg", "image/jpeg", 120_000, "ab" * 32)


# --- attachments -----------------------------------------------------------------------------


def test_a_file_goes_with_the_petition_and_touches_no_clock() -> None:
    before = filed()
    after = before.when(PICTURE, at=TUESDAY, facts=TOWN).then(AttachmentCounted(1), added())
    assert after.state == replace(before.state, attachments=1)


def test_a_petition_takes_five_files_over_its_life() -> None:
    full = filed()
    for n in range(5):
        full = full.when(PICTURE, at=TUESDAY, facts=TOWN).then(AttachmentCounted(n + 1), added())
    full.when(PICTURE, at=WEDNESDAY, facts=TOWN).then_rejected("too-many-attachments")


def test_a_reporter_is_not_named_with_a_file() -> None:
    report = told((replace(FILE, kind=PetitionKind.REPORT), MONDAY))
    assert report.state.petitioner == RESIDENT
    report.when(PICTURE, facts=TOWN).then(AttachmentCounted(1), added(by=REPORTER))


def test_what_is_closed_takes_no_file() -> None:
    closed = told((FILE, MONDAY), (reply(GRID_HEAD), MONDAY), (ConfirmSolved(RESIDENT), MONDAY))
    closed.when(PICTURE, facts=TOWN).then_rejected("closed")


def test_there_is_no_file_without_a_petition() -> None:
    Given(petition, petition.initial).when(PICTURE, facts=TOWN).then_rejected("not-filed")


# --- by receipt ------------------------------------------------------------------------------


def for_a_caller() -> Given[Petition]:
    """What the desk filed for somebody who was not logged in, answered."""
    past = told((FOR_A_CALLER, MONDAY), (reply(GRID_HEAD), TUESDAY))
    assert past.state.petitioner is None
    return past


def test_who_has_the_receipt_rates_what_was_raised_without_login() -> None:
    past = for_a_caller().when(RateByReceipt(5, True, "谢谢"), at=WEDNESDAY, facts=TOWN)
    rated = PetitionRated(
        petition="p1",
        stars=5,
        solved=True,
        level=past.before.state.level,
        place="banyan",
        category="sanitation",
        answered_by=GRID_HEAD,
    )
    assert past.then_among(rated, WordGiven("谢谢")).state.outcome == "solved"


def test_a_low_rating_by_receipt_reopens_a_level_higher() -> None:
    before = for_a_caller()
    result = before.when(RateByReceipt(1), at=WEDNESDAY, facts=TOWN)
    after = result.then(*result.events).state
    assert (after.reopened, after.level) == (1, "area")


def test_who_logs_in_rates_there() -> None:
    answered = told((FILE, MONDAY), (reply(GRID_HEAD), TUESDAY))
    answered.when(RateByReceipt(5), facts=TOWN).then_rejected("rate-logged-in")


@pytest.mark.parametrize("kept", [False, True])
def test_a_report_can_be_rated_by_receipt_where_nobody_was_logged_in(kept: bool) -> None:
    report = replace(FOR_A_CALLER, kind=PetitionKind.REPORT)
    if kept:
        report = replace(report, petitioner=RESIDENT)
    past = told((report, MONDAY), (reply(GRID_HEAD), TUESDAY))
    result = past.when(RateByReceipt(5), facts=TOWN)
    if kept:
        assert ReporterKept in petition.events
        result.then_rejected("rate-logged-in")
    else:
        assert result.rejected is None


def test_what_is_not_answered_cannot_be_rated() -> None:
    told((FOR_A_CALLER, MONDAY)).when(RateByReceipt(5), facts=TOWN).then_rejected("not-answered")


def test_it_is_rated_once() -> None:
    rated = for_a_caller().when(RateByReceipt(4), at=WEDNESDAY, facts=TOWN)
    rated.then(*rated.events).when(RateByReceipt(1), at=WEDNESDAY, facts=TOWN).then_rejected(
        "closed"
    )
