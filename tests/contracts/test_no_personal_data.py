"""No public event can carry personal data: its fields are ids, codes, times, counts and flags."""

import types
import typing
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

import pytest

from shared.contracts.event import Event, Personal
from shared.contracts.files import contracts
from shared.contracts.types import Level, Text, Title, Word

IDS = {
    "alarm",
    "approved_by",
    "broadcast",
    "drafted_by",
    "holes",
    "entries",
    "log",
    "agreement",
    "holders",
    "signers",
    "asked",
    "debtors",
    "evidence",
    "readers",
    "convenor",
    "session",
    "told",
    "awaited",
    "invited",
    "after",
    "present",
    "convener",
    "dispute",
    "filed_by",
    "mediator",
    "parties",
    "party",
    "proposed_by",
    "speaker",
    "speakers",
    "spot",
    "offered",
    "order",
    "passed_over",
    "placed_by",
    "certificate",
    "credential",
    "revoked_by",
    "plan",
    "visitor",
    "crew",
    "finding",
    "route",
    "shift",
    "checkins",
    "resources",
    "resource",
    "project",
    "needs",
    "need",
    "captain",
    "deputies",
    "leaders",
    "guardian",
    "activity",
    "former",
    "missing",
    "organisers",
    "series",
    "volunteers",
    "waited",
    "account",
    "legs",
    "purchase",
    "redemption",
    "reward",
    "rules",
    "sender",
    "shop",
    "transfer",
    "owner",
    "poster",
    "webhook",
    "wish",
    "confirmed_by",
    "corrected_by",
    "team",
    "volunteer",
    "work",
    "deputy",
    "rota",
    "shifts",
    "about",
    "alliance",
    "answered_by",
    "assignee",
    "by",
    "chair",
    "checkin",
    "event",
    "holder",
    "hotlist",
    "household",
    "keeper",
    "members",
    "message",
    "organisation",
    "origin",
    "person",
    "petition",
    "petitioner",
    "petitions",
    "post",
    "promise",
    "recipient",
    "resident",
    "visit",
    "called",
    "caller",
    "departments",
    "instead",
    "judge",
    "lead",
    "reported_by",
    "whistle",
    "whistler",
    "given_by",
    "informed",
    "member",
    "out_of",
}
"""Ids of streams and pseudonymous subjects."""

CODES = {
    "frontier",
    "key",
    "note",
    "root",
    "succession",
    "tiles",
    "media_type",
    "sides",
    "what",
    "seat",
    "room",
    "day",
    "service",
    "skill",
    "trainings",
    "flags",
    "digest",
    "replaces",
    "training",
    "office",
    "dropped",
    "duties",
    "into",
    "languages",
    "pattern",
    "successors",
    "because",
    "categories",
    "category",
    "channel",
    "code",
    "duty",
    "home",
    "kind",
    "offers",
    "outcome",
    "parent",
    "path",
    "place",
    "purpose",
    "reason",
    "role",
    "serves",
    "department",
    "pace",
    "successor",
    "topic",
    "danger",
    "receipt",
}
"""Codes of places and words from lists kept in configuration."""

ONLY_THERE = {
    ("AlarmRaised", "alert"),  # what the monitoring calls it
    ("AlarmClimbed", "alert"),
    ("MinutesReleaseAsked", "to"),  # a person
    ("MinutesReleased", "to"),
    ("MinutesReleaseEnded", "to"),
    ("RepresentativeNamed", "before"),  # a person
    ("OrderTimeProposed", "to"),  # a person
    ("ServiceDefined", "zh"),  # what a service is called stands in every form
    ("ServiceDefined", "en"),
    ("ServiceRevised", "zh"),
    ("ServiceRevised", "en"),
    ("CertificateIssued", "number"),  # digits that no other certificate has
    ("CertificateWithdrawn", "number"),
    ("PatrolRotaChanged", "before"),  # a person
    ("PatrolCrewChanged", "before"),
    ("PatrolSwapProposed", "to"),
    ("PatrolSwapEnded", "to"),
    ("PointsSent", "to"),  # an account
    ("PetitionLinked", "to"),  # a petition
    ("PostVacancyOverdue", "to"),  # a place
    ("PostVacancyOverdue", "told"),  # a person
    ("RotaShiftChanged", "before"),  # a person
    ("PetitionSpokespersonChanged", "spokesperson"),
    ("PetitionSpokespersonChanged", "before"),
    ("RotaSwapEnded", "to"),
    ("RotaSwapProposed", "to"),
    ("CategoryDefined", "zh"),  # what a category is called stands in every form
    ("CategoryDefined", "en"),
    ("CategoryRevised", "zh"),
    ("CategoryRevised", "en"),
    ("PlaceRegistered", "name"),  # what a place is called stands on a sign in the street
    ("PlaceRenamed", "name"),
    ("ResidentMoved", "before"),  # the household, a code
    ("AllianceChairPassed", "before"),  # an organisation
    ("AllianceFounded", "name"),  # what organisations and alliances are called is on their doors
    ("OrganisationRegistered", "name"),
    ("OrganisationRenamed", "name"),
    ("TeamFounded", "name"),  # what a team is called is on its flag
    ("TeamRenamed", "name"),
}

HARMLESS = (int, bool, datetime)


def faults(event: type[Event]) -> list[str]:
    """The fields of an event class that could hold something personal."""
    if issubclass(event, Personal):
        return [f"{event.__name__} is Personal: it belongs in a service's domain"]
    hints = typing.get_type_hints(event, include_extras=True)
    return [
        f"{event.__name__}.{field.name}: {hints[field.name]}"
        for field in fields(event)  # type: ignore[arg-type]
        if not _harmless(event.__name__, field.name, hints[field.name])
    ]


def _harmless(event: str, field: str, hint: Any) -> bool:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return all(_harmless(event, field, part) for part in typing.get_args(hint))
    if origin is tuple:
        return all(
            part is Ellipsis or _harmless(event, field, part) for part in typing.get_args(hint)
        )
    if hint is type(None) or hint in HARMLESS:
        return True
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return True
    return hint is str and (field in IDS | CODES or (event, field) in ONLY_THERE)


@pytest.mark.parametrize("event", contracts().values(), ids=lambda event: event.__name__)
def test_no_field_can_carry_personal_data(event: type[Event]) -> None:
    assert faults(event) == []


def test_the_list_has_no_names_that_nothing_uses() -> None:
    used = {(cls.__name__, field.name) for cls in contracts().values() for field in fields(cls)}  # type: ignore[arg-type]
    assert {field for _, field in used} >= IDS | CODES
    assert used >= ONLY_THERE


@dataclass(frozen=True, slots=True)
class Chatty(Event):
    petition: str
    level: Level | None
    at: datetime
    path: tuple[str, ...]
    phone: str
    name: str
    text: Text
    title: Title | None
    word: Word
    details: dict[str, str]
    anything: Any
    photo: bytes
    contacts: tuple[str, ...]
    where: float


def test_the_rule_sees_what_is_personal() -> None:
    seen = {fault.split(":")[0].split(".")[1] for fault in faults(Chatty)}
    assert seen == {
        "phone",
        "name",
        "text",
        "title",
        "word",
        "details",
        "anything",
        "photo",
        "contacts",
        "where",
    }
