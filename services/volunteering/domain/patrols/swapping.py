"""Swapping shifts of a patrol rota by agreement of both; what stands in the way of it."""

from datetime import datetime

from services.volunteering.domain.patrols.rota_commands import (
    EARLY,
    MOST_SWAPS,
    ConfirmSwap,
    DeclineSwap,
    PatrolRota,
    ProposeSwap,
    RotaShift,
    Swap,
    WithdrawSwap,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.patrol_rotas import (
    PatrolRotaChanged,
    PatrolSwapEnded,
    PatrolSwapProposed,
)
from shared.runtime.aggregate import Command, Rejected


def shift_to_come(rota: PatrolRota, number: int, now: datetime) -> RotaShift:
    """The shift of that number, while the rota says who patrols in it. Raises `Rejected`."""
    if not 0 <= number < len(rota.shifts):
        raise Rejected("unknown-shift", f"the rota has no shift {number}", number=number)
    shift = rota.shifts[number]
    if shift.begin - EARLY <= now:
        raise Rejected("shift-begun", "it begins: change the shift itself, not the rota")
    return shift


def agreed(rota: PatrolRota, command: Command, now: datetime) -> list[Event]:
    """What follows from what two members do about a swap."""
    match command:
        case ProposeSwap():
            return [proposed(rota, command, now)]
        case ConfirmSwap(by=by, of=of, theirs=theirs):
            swap = swap_of(rota, of, by, theirs)
            for number in (swap.mine, swap.theirs):
                shift_to_come(rota, number, now)
            must_be_able(rota, swap)
            others = overtaken(rota, {(of, swap.mine), (by, theirs)}, swap)
            return [
                *others,
                slot(rota, swap.mine, swap.by, swap.to, "swapped"),
                slot(rota, swap.theirs, swap.to, swap.by, "swapped"),
            ]
        case DeclineSwap(by=by, of=of, theirs=theirs):
            return [ended(rota, swap_of(rota, of, by, theirs), "declined")]
        case WithdrawSwap(by=by, mine=mine):
            for swap in rota.swaps:
                if (swap.by, swap.mine) == (by, mine):
                    return [ended(rota, swap, "withdrawn")]
            raise no_such_swap()
    raise AssertionError(command)


def proposed(rota: PatrolRota, asked: ProposeSwap, now: datetime) -> PatrolSwapProposed:
    """The other is asked; nothing changes yet."""
    mine = shift_to_come(rota, asked.mine, now)
    theirs = shift_to_come(rota, asked.theirs, now)
    if asked.by not in mine.crew:
        raise Rejected("not-your-shift", "only one's own shift can be offered")
    if asked.to == asked.by or asked.to not in theirs.crew:
        raise Rejected("not-their-shift", "ask somebody who patrols in that shift")
    if mine.line != theirs.line:
        raise Rejected("another-line", "shifts are swapped within a line")
    if any({(swap.by, swap.mine), (swap.to, swap.theirs)} & _places(asked) for swap in rota.swaps):
        raise Rejected("swap-pending", "a swap of one of these shifts is waiting for an answer")
    if len(rota.swaps) >= MOST_SWAPS:
        raise Rejected(
            "too-many-swaps", f"at most {MOST_SWAPS} swaps wait at once", most=MOST_SWAPS
        )
    until = min(mine.begin, theirs.begin) - EARLY
    swap = Swap(asked.by, asked.to, asked.mine, asked.theirs, until)
    must_be_able(rota, swap)
    return PatrolSwapProposed(
        rota.rota, rota.place, swap.by, swap.to, swap.mine, swap.theirs, swap.until
    )


def _places(asked: ProposeSwap) -> set[tuple[str, int]]:
    return {(asked.by, asked.mine), (asked.to, asked.theirs)}


def must_be_able(rota: PatrolRota, swap: Swap) -> None:
    """Raises `Rejected` where one of the two would be in two places at once."""
    for person, gives, takes in (
        (swap.by, swap.mine, swap.theirs),
        (swap.to, swap.theirs, swap.mine),
    ):
        must_be_free(rota, person, takes, but=gives)


def must_be_free(rota: PatrolRota, person: str, number: int, but: int | None = None) -> None:
    """Raises `Rejected` where somebody patrols in another shift at that time."""
    asked = rota.shifts[number]
    for other, shift in enumerate(rota.shifts):
        overlaps = shift.begin < asked.end and asked.begin < shift.end
        if other != but and person in shift.crew and overlaps:
            raise Rejected("on-patrol-then", "they patrol at that time already")


def swap_of(rota: PatrolRota, by: str, to: str, theirs: int) -> Swap:
    """The swap that waits for an answer of `to`."""
    for swap in rota.swaps:
        if (swap.by, swap.to, swap.theirs) == (by, to, theirs):
            return swap
    raise no_such_swap()


def no_such_swap() -> Rejected:
    """For an answer to what nobody asked."""
    return Rejected("no-such-swap", "no swap of this shift is waiting for you")


def overtaken(
    rota: PatrolRota, places: set[tuple[str, int]], but: Swap | None = None
) -> list[Event]:
    """Other offers for the same places come to nothing."""
    return [
        ended(rota, swap, "overtaken")
        for swap in rota.swaps
        if swap != but and places & {(swap.by, swap.mine), (swap.to, swap.theirs)}
    ]


def ended(rota: PatrolRota, swap: Swap, because: str) -> PatrolSwapEnded:
    """The shifts stay as they are."""
    return PatrolSwapEnded(rota.rota, rota.place, swap.by, swap.to, swap.mine, swap.theirs, because)


def slot(
    rota: PatrolRota, number: int, before: str | None, person: str | None, because: str
) -> PatrolRotaChanged:
    """Somebody else patrols, or nobody."""
    return PatrolRotaChanged(rota.rota, rota.place, number, before, person, because)
