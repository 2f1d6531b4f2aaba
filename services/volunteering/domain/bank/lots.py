"""Lots: points by the month with whose end they expire. The oldest are spent first."""

from dataclasses import dataclass
from datetime import UTC, datetime

from shared.contracts.volunteering.bank import Lots
from shared.worktime.hours import CHINA


@dataclass(frozen=True)
class Lot:
    """So many points that expire at the same moment."""

    expires: datetime
    points: int


def total(lots: tuple[Lot, ...]) -> int:
    """All points of the lots."""
    return sum(lot.points for lot in lots)


def with_lots(lots: tuple[Lot, ...], more: Lots) -> tuple[Lot, ...]:
    """The lots with others put to them: one for each moment, the oldest first."""
    points = {lot.expires: lot.points for lot in lots}
    for expires, count in more:
        points[expires] = points.get(expires, 0) + count
    return tuple(Lot(expires, points[expires]) for expires in sorted(points) if points[expires])


def oldest(lots: tuple[Lot, ...], points: int) -> Lots:
    """So many of the points, those that expire first."""
    return _taken(lots, points)


def newest(lots: tuple[Lot, ...], points: int) -> Lots:
    """So many of the points, those that expire last."""
    return tuple(reversed(_taken(tuple(reversed(lots)), points)))


def without(lots: tuple[Lot, ...], gone: Lots) -> tuple[Lot, ...]:
    """The lots without those."""
    return with_lots(lots, tuple((expires, -points) for expires, points in gone))


def expiry(earned: datetime, months: int) -> datetime:
    """When points expire that were earned then: with the end of the month that lies so many months
    after that month, local time.
    """
    local = earned.astimezone(CHINA)
    count = local.year * 12 + local.month + months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=CHINA).astimezone(UTC)


def _taken(lots: tuple[Lot, ...], points: int) -> Lots:
    taken: list[tuple[datetime, int]] = []
    for lot in lots:
        if points <= 0:
            break
        taken.append((lot.expires, min(points, lot.points)))
        points -= taken[-1][1]
    return tuple(taken)
