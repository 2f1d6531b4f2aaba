"""What the rules of a rota are told: days off, and who did how much in the place's others."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from services.community.domain.rota import LONGEST_RANGE
from services.community.domain.rota_commands import (
    DrawAgain,
    DrawUp,
    Roster,
    Rota,
    RotaStatus,
)
from services.community.tree import Places
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Facts
from shared.worktime.days import is_working_day

REMEMBERED = timedelta(days=366)
"""For so long a shift counts for its person when the next rota is drawn up."""


def facts(copies: Copies) -> Facts:
    """The facts of rotas."""
    places: Places = copies["place"]
    rotas: Mapping[str, Rota] = copies["rota"]

    def roster(id: str, command: Command, rota: Rota, now: datetime) -> Roster:
        if not isinstance(command, DrawUp | DrawAgain):
            return Roster(id)
        place = command.place if isinstance(command, DrawUp) else rota.place
        known = places.get(place)
        span = min((command.last - command.first).days + 1, LONGEST_RANGE)
        days = (command.first + timedelta(days=n) for n in range(span))
        return Roster(
            id,
            open=known is not None and known.closed is None,
            days_off=frozenset(day for day in days if not is_working_day(day)),
            before=done_before(rotas, id, place, now),
        )

    return roster


def done_before(
    rotas: Mapping[str, Rota], but: str, place: str, now: datetime
) -> Mapping[str, int]:
    """The shifts of each person in a place's other rotas: those of the last year, those to come."""
    counts: Counter[str] = Counter()
    for id, rota in rotas.items():
        if id != but and rota.place == place and rota.status is RotaStatus.PUBLISHED:
            recent = [one.person for one in rota.shifts if one.end > now - REMEMBERED]
            if recent:
                counts.update(dict.fromkeys(rota.members, 0))  # they are not new, whatever they did
                counts.update(recent)
    return counts
