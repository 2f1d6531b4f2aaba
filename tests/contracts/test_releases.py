"""Every public event as another release would write it: an earlier one without the fields that came
later, a later one with fields that this one does not know.
"""

import json
from dataclasses import MISSING, fields
from typing import Any

import pytest

from shared.contracts.envelope import event_in, parse
from shared.contracts.event import Event
from shared.contracts.files import HERE, contracts, sample_file

TYPES = contracts()
GROWN = {
    type: [one for one in fields(event) if one.default is not MISSING]
    for type, event in TYPES.items()
}
"""The fields with a default: those that an event of an earlier release may lack."""


def sample(type: str) -> dict[str, Any]:
    """The golden sample of an event, as a message."""
    read: dict[str, Any] = json.loads(sample_file(HERE, type).read_text(encoding="utf-8"))
    return read


def read(message: dict[str, Any]) -> Event:
    """The event in a message, as a subscriber of this release reads it."""
    event = event_in(parse(json.dumps(message)))
    assert event is not None
    return event


@pytest.mark.parametrize("type", TYPES)
def test_an_event_of_a_later_release_is_read_without_what_it_has_more(type: str) -> None:
    message = sample(type)
    event = read(message)
    message["madeby"] = "a later release"
    message["data"]["further"] = {"parts": [{"deep": 1}]}
    assert read(message) == event


@pytest.mark.parametrize("type", [type for type, grown in GROWN.items() if grown])
def test_an_event_of_an_earlier_release_is_read_with_the_defaults(type: str) -> None:
    message = sample(type)
    for one in GROWN[type]:
        message["data"].pop(one.name, None)
    event = read(message)
    for one in GROWN[type]:
        assert getattr(event, one.name) == one.default


def test_there_are_events_that_have_grown() -> None:
    assert any(GROWN.values())
