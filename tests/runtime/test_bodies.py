"""What a body may say, and what only the token says."""

from dataclasses import dataclass

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
