"""What an administrator can change of a category, from when on, and what is refused."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.petitions.domain.category import (
    MOST_AHEAD,
    MOST_KEPT,
    CategoryDeadlinesSet,
    category,
    in_force,
)
from services.petitions.domain.category_commands import CallOff, Define, Retire, Revise
from services.petitions.domain.taxonomy import KnownCategory, Taxonomy
from shared.contracts.petitions import (
    CategoryDefined,
    CategoryRetired,
    CategoryRevised,
    CategoryRevisionCalledOff,
)
from shared.contracts.types import LEVELS, Level, Urgency
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import given

ADMIN = "admin-1"
LATER = NOW + timedelta(days=30)


def known(*path: str, open: bool = True) -> KnownCategory:
    return KnownCategory(
        path[-1], path, (0,) * len(path), "某", "X", "utilities", "everyday", open=open
    )


LIST = {
    one.code: one
    for one in (
        known("drainage"),
        known("drainage", "blocked"),
        known("drainage", "blocked", "sewer"),
        known("sanitation"),
        known("old", open=False),
    )
}


def facts(code: str) -> Taxonomy:
    return Taxonomy(code, LIST.get, frozenset({"everyday", "lengthy"}))


DEFINE = Define(by=ADMIN, code="grease", parent="blocked", zh="油污", en="Grease")
DEFINED = CategoryDefined("grease", "blocked", 1, NOW, "油污", "Grease")
REVISED = CategoryRevised("sewer", 1, LATER, pace="lengthy")


def test_a_category_is_added_below_one_that_is_there() -> None:
    past = given(category).when(DEFINE, at=NOW, facts=facts("grease")).then(DEFINED)
    revision = in_force(past.state, NOW)
    assert revision is not None
    assert revision.settings.zh == "油污"


@pytest.mark.parametrize(
    ("change", "code", "refusal"),
    [
        ({"parent": "nowhere"}, "grease", "unknown-category"),
        ({"parent": "old"}, "grease", "unknown-category"),
        ({"parent": "sewer"}, "grease", "too-deep"),
        ({}, "sewer", "category-exists"),
        ({"pace": "slow"}, "grease", "unknown-pace"),
        ({"since": NOW - timedelta(seconds=1)}, "grease", "since-past"),
        ({"since": datetime(2030, 1, 1)}, "grease", "since-without-zone"),
        ({"lowest": Level.STREET, "highest": Level.AREA}, "grease", "levels-upside-down"),
    ],
)
def test_what_cannot_be_added(change: dict[str, object], code: str, refusal: str) -> None:
    command = replace(DEFINE, **change)  # type: ignore[arg-type]
    given(category).when(command, at=NOW, facts=facts(code)).then_rejected(refusal)


def test_a_revision_counts_from_its_date_on() -> None:
    revise = Revise(by=ADMIN, pace="lengthy", since=LATER)
    past = given(category).when(revise, at=NOW, facts=facts("sewer")).then(REVISED)
    assert in_force(past.state, NOW) is None
    held = in_force(past.state, LATER)
    assert held is not None
    assert held.settings.pace == "lengthy"


def test_own_deadlines_name_every_level_and_urgency() -> None:
    whole = {urgency: dict.fromkeys(LEVELS, "P2D") for urgency in Urgency}
    past = (
        given(category)
        .when(Revise(by=ADMIN, deadlines=whole), at=NOW, facts=facts("sewer"))
        .then(CategoryRevised("sewer", 1, NOW), CategoryDeadlinesSet(1, whole))
    )
    held = in_force(past.state, NOW)
    assert held is not None
    assert held.settings.deadlines == whole
    for faulty in (
        {Urgency.NORMAL: whole[Urgency.NORMAL]},
        {**whole, Urgency.URGENT: {Level.AREA: "P1D"}},
        {**whole, Urgency.URGENT: dict.fromkeys(LEVELS, "P0D")},
        {**whole, Urgency.URGENT: dict.fromkeys(LEVELS, "PTTH")},
    ):
        asked = Revise(by=ADMIN, deadlines=faulty)
        given(category).when(asked, at=NOW, facts=facts("sewer")).then_rejected("deadline-missing")
    both = Revise(by=ADMIN, deadlines=whole, pace="lengthy")
    given(category).when(both, at=NOW, facts=facts("sewer")).then_rejected("pace-or-deadlines")


def test_two_changes_do_not_count_from_one_moment() -> None:
    again = Revise(by=ADMIN, duty="property", since=LATER)
    given(category, REVISED).when(again, at=NOW, facts=facts("sewer")).then_rejected(
        "revision-there"
    )


def test_what_lies_ahead_can_be_called_off_what_has_begun_cannot() -> None:
    past = given(category, REVISED)
    called_off = CategoryRevisionCalledOff("sewer", 1)
    after = past.when(CallOff(by=ADMIN, number=1), at=NOW, facts=facts("sewer")).then(called_off)
    assert after.state.revisions == ()
    late = past.when(CallOff(by=ADMIN, number=1), at=LATER, facts=facts("sewer"))
    late.then_rejected("nothing-ahead")
    past.when(CallOff(by=ADMIN, number=2), at=NOW, facts=facts("sewer")).then_rejected(
        "nothing-ahead"
    )


def test_one_that_was_called_off_before_its_day_can_be_defined_again() -> None:
    ahead = replace(DEFINED, since=LATER)
    called_off = CategoryRevisionCalledOff("grease", 1)
    given(category, ahead, called_off).when(DEFINE, at=NOW, facts=facts("grease")).then(
        replace(DEFINED, number=2)
    )


def test_a_category_ends_with_a_successor() -> None:
    retire = Retire(by=ADMIN, successor="sanitation", since=LATER)
    retired = CategoryRetired("drainage", 1, LATER, "sanitation")
    past = given(category).when(retire, at=NOW, facts=facts("drainage")).then(retired)
    revise = Revise(by=ADMIN, duty="property")
    past.when(revise, at=NOW, facts=facts("drainage")).then_rejected("category-ends")
    past.when(retire, at=NOW, facts=facts("drainage")).then_rejected("category-ends")
    after = past.when(CallOff(by=ADMIN, number=1), at=NOW, facts=facts("drainage"))
    assert after.then(CategoryRevisionCalledOff("drainage", 1)).state.retirement is None


@pytest.mark.parametrize(
    ("successor", "refusal"),
    [
        ("drainage", "own-successor"),
        ("sewer", "own-successor"),
        ("old", "unknown-category"),
        ("nowhere", "unknown-category"),
    ],
)
def test_who_cannot_succeed(successor: str, refusal: str) -> None:
    retire = Retire(by=ADMIN, successor=successor)
    given(category).when(retire, at=NOW, facts=facts("drainage")).then_rejected(refusal)


def test_nobody_changes_what_is_not_there() -> None:
    for command in (Revise(by=ADMIN), Retire(by=ADMIN, successor="sanitation")):
        given(category).when(command, at=NOW, facts=facts("x")).then_rejected("unknown-category")


def test_what_waits_and_what_is_kept_is_bounded() -> None:
    ahead = [
        CategoryRevised("sewer", n + 1, NOW + timedelta(days=n + 1)) for n in range(MOST_AHEAD)
    ]
    given(category, *ahead).when(Revise(by=ADMIN), at=NOW, facts=facts("sewer")).then_rejected(
        "too-many-ahead"
    )
    past = [
        CategoryRevised("sewer", n + 1, NOW - timedelta(days=n + 1)) for n in range(MOST_KEPT + 5)
    ]
    assert len(given(category, *past).state.revisions) == MOST_KEPT
