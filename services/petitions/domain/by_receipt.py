"""By receipt (凭回执): who raised something without logging in judges the answer to it, too."""

from dataclasses import dataclass
from datetime import datetime

from services.petitions.domain import answering
from services.petitions.domain.commands import Rate
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import Petition
from services.petitions.domain.verbs import must_be_open
from shared.contracts.event import Event
from shared.contracts.types import Stars, Word
from shared.runtime.aggregate import Command, Rejected

ANYBODY = "receipt"
"""Stands for whoever has the receipt and its code."""


@dataclass(frozen=True, slots=True)
class RateByReceipt(Command):
    """Judge the answer as `Rate` does, for a petition that nobody was logged in for. Whoever sends
    it has shown the receipt's code.
    """

    stars: Stars
    solved: bool = False
    word: Word = ""


COMMANDS = (RateByReceipt,)
EVENTS = ()


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """As if the petitioner had rated it."""
    assert isinstance(command, RateByReceipt)
    if petition.petitioner is not None:
        raise Rejected("rate-logged-in", "it was raised by somebody who logs in: rate it there")
    must_be_open(petition, "rate")
    rate = Rate(ANYBODY, command.stars, command.solved, command.word)
    return answering.decide(rate, petition, now, facts)
