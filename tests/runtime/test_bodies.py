"""What a body may say, and what only the token says."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from shared.runtime.aggregate import Command, caller_fills
from shared.runtime.bodies import CommandBody
from shared.runtime.identity import Caller
from shared.runtime.problems import Problem


@dataclass(frozen=True, slots=True)
class Promise(Command):
    by: str
    words: str
    org: str | None = None


@dataclass(frozen=True, slots=True)
class Wake(Command):
    words: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    begin: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan(Command):
    spans: tuple[Span, ...]


OFFICER = Caller("officer-1", org="water-works")


def test_person_and_organisation_are_those_of_the_token() -> None:
    assert caller_fills(Promise) == {"by", "org"}
    body = CommandBody(Promise)
    given = body.parse(b'{"words": "soon"}', OFFICER)
    assert given == Promise(by="officer-1", words="soon", org="water-works")
    assert body.parse(b'{"words": "soon"}', Caller("u1")) == Promise(by="u1", words="soon")
    assert body.schema()[0]["properties"].keys() == {"words"}


@pytest.mark.parametrize("forged", ["by", "org"])
def test_a_body_cannot_say_who_is_calling_or_for_whom(forged: str) -> None:
    with pytest.raises(Problem) as refused:
        CommandBody(Promise).parse(b'{"words": "soon", "%s": "x"}' % forged.encode(), OFFICER)
    assert refused.value.status == 422


def test_a_command_that_asks_for_neither_is_given_neither() -> None:
    assert caller_fills(Wake) == frozenset()
    assert CommandBody(Wake).parse(b"", OFFICER) == Wake()


@pytest.mark.parametrize(
    ("span", "field"),
    [
        ('{"begin": "2026-03-02T09:00:00"}', "spans.0.begin"),
        ('{"begin": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:00:00"}', "spans.0.end"),
        ('{"begin": "2026-03-02T09:00:00Z", "more": 1}', "spans.0.more"),
    ],
)
def test_a_time_within_something_needs_its_offset_too(span: str, field: str) -> None:
    with pytest.raises(Problem) as refused:
        CommandBody(Plan).parse(f'{{"spans": [{span}]}}'.encode(), OFFICER)
    assert [one.field for one in refused.value.errors] == [field]


def test_a_time_within_something_is_kept_in_utc() -> None:
    raw = b'{"spans": [{"begin": "2026-03-02T09:00:00.123456+08:00"}]}'
    given = CommandBody(Plan).parse(raw, OFFICER)
    assert given == Plan((Span(datetime(2026, 3, 2, 1, 0, 0, 123_000, UTC)),))
    assert given.spans[0].begin.tzinfo is UTC
    schema, definitions = CommandBody(Plan).schema()
    assert schema["properties"]["spans"]["items"] == {"$ref": "#/components/schemas/Span"}
    assert definitions["Span"]["required"] == ["begin"]
