"""The catalogue: shipped, and changed from a moment on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.volunteering.catalogue import Catalogue, shipped
from services.volunteering.domain.orders.service import Offered, ServiceTermsSet, service
from services.volunteering.domain.orders.service_commands import (
    CallOffChange,
    DefineService,
    KnownService,
    Listing,
    RetireService,
    ReviseService,
)
from services.volunteering.trainings import TRAININGS as TRAININGS_LISTED
from shared.contracts.event import Event
from shared.contracts.volunteering.orders import (
    ServiceChangeCalledOff,
    ServiceDefined,
    ServiceRetired,
    ServiceRevised,
)
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import after, given

LATER = NOW + timedelta(days=7)
KNOWN = KnownService("repair", "小修", "Repairs", 90)
TRAININGS = frozenset({"first-aid"})
SHIPPED = Listing("repair", KNOWN, shipped=True, trainings=TRAININGS)
NEW = Listing("reading", trainings=TRAININGS)
DEFINED = ServiceDefined("reading", 1, NOW, "读报", "Reading aloud", 60)


def changed(*events: Event) -> Offered:
    return after(service, Offered(), list(events))


def test_a_service_is_added_from_now_on_with_its_terms() -> None:
    given(service).when(
        DefineService("admin", "reading", "读报", "Reading aloud", 60, terms_zh="在家读报"),
        facts=NEW,
    ).then(DEFINED, ServiceTermsSet(1, "在家读报", None))


def test_a_shipped_service_is_not_defined_again_but_revised() -> None:
    given(service).when(
        DefineService("admin", "repair", "a", "b", 60), facts=SHIPPED
    ).then_rejected("service-exists")
    given(service).when(ReviseService("admin", minutes=60, since=LATER), facts=SHIPPED).then(
        ServiceRevised("repair", 1, LATER, minutes=60)
    )


def test_it_asks_for_trainings_that_there_are() -> None:
    given(service).when(ReviseService("admin", trainings=("flying",)), facts=SHIPPED).then_rejected(
        "unknown-training"
    )
    given(service).when(ReviseService("admin", trainings=("first-aid",)), facts=SHIPPED).then(
        ServiceRevised("repair", 1, NOW, trainings=("first-aid",))
    )


def test_what_nobody_knows_is_not_revised() -> None:
    given(service).when(ReviseService("admin", minutes=60), facts=NEW).then_rejected(
        "unknown-service"
    )


@pytest.mark.parametrize(
    ("since", "code"),
    [(NOW - timedelta(seconds=1), "change-past"), (LATER.replace(tzinfo=None), "without-zone")],
)
def test_a_change_counts_from_now_or_later(since: datetime, code: str) -> None:
    given(service).when(
        ReviseService("admin", minutes=60, since=since), facts=SHIPPED
    ).then_rejected(code)


def test_two_changes_at_one_moment_are_one_too_many() -> None:
    given(service, ServiceRevised("repair", 1, LATER, minutes=60)).when(
        ReviseService("admin", minutes=45, since=LATER), facts=SHIPPED
    ).then_rejected("change-there")


def test_twenty_changes_wait_and_no_more() -> None:
    ahead = [
        ServiceRevised("repair", n + 1, LATER + timedelta(hours=n), minutes=60) for n in range(20)
    ]
    given(service, *ahead).when(ReviseService("admin", minutes=45), facts=SHIPPED).then_rejected(
        "too-many-changes"
    )


def test_nothing_is_changed_before_the_service_begins() -> None:
    given(service, ServiceDefined("reading", 1, LATER, "读报", "Reading aloud", 60)).when(
        ReviseService("admin", minutes=45), facts=NEW
    ).then_rejected("before-it-begins")


def test_a_change_that_lies_ahead_is_called_off() -> None:
    past = given(service, ServiceRevised("repair", 1, LATER, minutes=60))
    past.when(CallOffChange("admin", 1), facts=SHIPPED).then(ServiceChangeCalledOff("repair", 1))
    past.when(CallOffChange("admin", 1), facts=SHIPPED, at=LATER).then_rejected("no-change-ahead")


def test_what_ends_is_not_changed_unless_that_is_called_off() -> None:
    (
        given(service)
        .when(RetireService("admin", since=LATER), facts=SHIPPED)
        .then(ServiceRetired("repair", 1, LATER))
        .when(ReviseService("admin", minutes=60), facts=SHIPPED)
        .then_rejected("service-ends")
        .when(CallOffChange("admin", 1), facts=SHIPPED)
        .then(ServiceChangeCalledOff("repair", 1))
        .when(ReviseService("admin", minutes=60), facts=SHIPPED)
        .then(ServiceRevised("repair", 2, NOW, minutes=60))
    )


# --- the catalogue at a moment ------------------------------------------------------------------


def test_the_shipped_catalogue_has_the_six_services_in_two_languages() -> None:
    services = shipped()
    assert set(services) >= {
        "repair",
        "escort",
        "tutoring",
        "haircut",
        "legal-advice",
        "free-clinic",
    }
    for one in services.values():
        assert TRAININGS_LISTED.keys() >= set(one.trainings)
        assert all((one.zh, one.en, one.terms_zh, one.terms_en))


def test_a_revision_holds_from_its_moment_and_leaves_the_rest_as_shipped() -> None:
    changes = {"repair": changed(ServiceRevised("repair", 1, LATER, minutes=60))}
    catalogue = Catalogue(shipped(), changes)
    before, then = catalogue.known("repair", NOW), catalogue.known("repair", LATER)
    assert before == shipped()["repair"]
    assert then == replace(shipped()["repair"], minutes=60)


def test_a_defined_service_is_there_from_its_moment_and_a_revision_keeps_its_names() -> None:
    defined = ServiceDefined("reading", 1, LATER, "读报", "Reading aloud", 60, skill="voice")
    revised = ServiceRevised("reading", 2, LATER + timedelta(days=1), minutes=30)
    catalogue = Catalogue({}, {"reading": changed(defined, revised)})
    assert catalogue.known("reading", NOW) is None
    assert list(catalogue.codes()) == ["reading"]
    assert catalogue.known("reading", LATER) == KnownService(
        "reading", "读报", "Reading aloud", 60, "voice"
    )
    assert catalogue.known("reading", LATER + timedelta(days=1)) == KnownService(
        "reading", "读报", "Reading aloud", 30, "voice"
    )


def test_what_has_ended_is_known_but_not_open() -> None:
    catalogue = Catalogue(shipped(), {"repair": changed(ServiceRetired("repair", 1, LATER))})
    assert catalogue.known("repair", NOW) == shipped()["repair"]
    assert catalogue.known("repair", LATER) == replace(shipped()["repair"], open=False)


def test_what_nobody_ever_listed_is_unknown() -> None:
    assert Catalogue(shipped(), {}).known("dancing", NOW) is None
