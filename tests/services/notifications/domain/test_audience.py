"""Who must know: every public event tells somebody, or is known to tell nobody."""

import pytest

from services.notifications.domain.audience import NEWS, TELLS_NOBODY, who_must_know
from services.notifications.domain.message import MAX_PARAM_LENGTH, MAX_PARAMS
from shared.contracts.envelope import public_events
from shared.contracts.event import Event, emitting_service
from tests.services.notifications.telling import CASES

ALL = {
    event
    for service in (
        "petitions",
        "community",
        "volunteering",
        "mediation",
        "ledger",
        "subscriptions",
        "notifications",
    )
    for event in public_events(service).values()
}


@pytest.mark.parametrize(
    ("event", "told"),
    CASES,
    ids=[f"{type(event).__name__}-{n}" for n, (event, _) in enumerate(CASES)],
)
def test_who_is_told_what(event: Event, told: dict[str, str]) -> None:
    tellings = who_must_know(event)
    assert [(one.recipient, one.kind) for one in tellings] == list(told.items())
    for telling in tellings:
        assert len(telling.params) <= MAX_PARAMS
        assert all(len(value) <= MAX_PARAM_LENGTH for value in telling.params.values())
        assert "None" not in telling.params.values()


def test_no_event_is_forgotten() -> None:
    telling = {type(event) for event, told in CASES if told}
    assert telling | TELLS_NOBODY == ALL
    assert not telling & TELLS_NOBODY


def test_events_for_nobody_tell_nobody() -> None:
    silent = [event for event, _ in CASES if type(event) in TELLS_NOBODY]
    assert {type(event) for event in silent} == TELLS_NOBODY
    assert all(who_must_know(event) == [] for event in silent)


def test_only_the_news_of_its_service_know_an_event() -> None:
    for event, _ in CASES:
        service = emitting_service(type(event))
        others = [news for named, modules in NEWS.items() if named != service for news in modules]
        assert [news.__name__ for news in others if news.tellings(event)] == []
