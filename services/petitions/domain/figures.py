"""What a petition counts for in the statistics: single values, told anew by its events."""

from dataclasses import dataclass
from datetime import timedelta, timezone

from services.petitions.domain.dossier import PetitionPromised
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionClosed,
    PetitionFiled,
    PetitionOverdue,
    PetitionRated,
    PetitionReachedLevel,
)
from shared.runtime.aggregate import changed

SHANGHAI = timezone(timedelta(hours=8))
"""The city's time; it has known no other since 1992."""


@dataclass(frozen=True)
class Figures:
    """`district` is the top of its path, `month` the local month of filing (2025-03). `late` says
    that a level let its deadline pass, `overdue` that the top level did and still has it. `in_time`
    is about the first answer: given before any deadline had passed; None without an answer. `stars`
    and `solved` are as judged last.
    """

    district: str = ""
    month: str = ""
    late: bool = False
    overdue: bool = False
    in_time: bool | None = None
    stars: int | None = None
    solved: bool | None = None


COUNTED = frozenset(
    {
        PetitionFiled,
        PetitionPromised,
        PetitionReachedLevel,
        PetitionOverdue,
        PetitionAnswered,
        PetitionRated,
        PetitionClosed,
    }
)
"""The events that change the figures."""


def counted(figures: Figures, event: Event) -> Figures:
    """The figures after one of these events."""
    match event:
        case PetitionFiled(path=path):
            return changed(figures, district=path[0])
        case PetitionPromised(filed_at=at):
            return changed(figures, month=f"{at.astimezone(SHANGHAI):%Y-%m}")
        case PetitionOverdue(again_at=again_at):
            return changed(figures, late=True, overdue=again_at is not None)
        case PetitionReachedLevel() if figures.overdue:
            return changed(figures, overdue=False)
        case PetitionAnswered(in_time=in_time) if figures.in_time is None:
            return changed(figures, in_time=in_time and not figures.late)
        case PetitionRated(stars=stars, solved=solved):
            return changed(figures, stars=stars, solved=solved)
        case PetitionClosed(outcome="solved") if figures.solved is not True:
            return changed(figures, solved=True)
    return figures
