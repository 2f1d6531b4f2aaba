"""Rota (值班表): who is on duty on which day, shared out fairly, swapped by agreement of both."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from services.community.domain.rota_commands import (
    MOST_SHIFTS,
    ConfirmSwap,
    DeclineSwap,
    DrawAgain,
    DrawUp,
    ProposeSwap,
    PublishRota,
    Roster,
    Rota,
    RotaDrawnUp,
    RotaStatus,
    Shift,
    StandIn,
    Swap,
    WithdrawSwap,
)
from shared.contracts.community import (
    RotaPublished,
    RotaShiftChanged,
    RotaSwapEnded,
    RotaSwapProposed,
)
from shared.contracts.event import Event
from shared.neighbourhood.drawing import carried_over, drawn
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.worktime.hours import CHINA

MOST_SWAPS = 50
LONGEST_RANGE = 400
"""Days between the first and the last."""


def rota_id(place: str, name: str) -> str:
    """The id of a place's rota of that name."""
    return f"{place}:{name}"


def decide(command: Command, rota: Rota, now: datetime, roster: Roster) -> list[Event]:
    """What follows from a command."""
    match command:
        case Tick():
            return lapsed(rota, roster.rota, now)
        case DrawUp() if rota.status is not RotaStatus.NONE:
            raise Rejected("rota-exists", "the place has a rota of this name: draw it up again")
        case DrawUp(place=place, name=name):
            if not roster.open:
                raise Rejected("unknown-place", f"no place {place} is registered", place=place)
            return [drawn_up(place, name, command, roster, now)]
        case _ if rota.status is RotaStatus.NONE:
            raise Rejected("unknown-rota", "no such rota was drawn up")
        case DrawAgain() | PublishRota() if rota.status is RotaStatus.PUBLISHED:
            raise Rejected(
                "rota-published", "the rota is published: swap shifts, or let somebody stand in"
            )
        case DrawAgain():
            return [drawn_up(rota.place, rota.name, command, roster, now)]
        case PublishRota():
            shifts = tuple((one.start, one.end, one.person) for one in rota.shifts)
            return [RotaPublished(roster.rota, rota.place, shifts)]
    if rota.status is not RotaStatus.PUBLISHED:
        raise Rejected("rota-not-published", "the rota is not published yet: draw it up again")
    match command:
        case ProposeSwap():
            return proposed(rota, roster.rota, command, now)
        case ConfirmSwap(by=by, shift=shift):
            swap = swap_of(rota, to=by, theirs=shift)
            if swap.until <= now:
                raise Rejected("shift-begun", "a shift that has begun is swapped no more")
            return [
                changed(rota, roster.rota, swap.mine, swap.to, "swapped"),
                changed(rota, roster.rota, swap.theirs, swap.by, "swapped"),
            ]
        case DeclineSwap(by=by, shift=shift):
            return [ended(rota, roster.rota, swap_of(rota, to=by, theirs=shift), "declined")]
        case WithdrawSwap(by=by, shift=shift):
            return [ended(rota, roster.rota, swap_of(rota, by=by, mine=shift), "withdrawn")]
        case StandIn(shift=shift, person=person):
            if (there := shift_at(rota, shift)).end <= now:
                raise Rejected("shift-over", "the shift is over")
            if there.person == person:
                return []
            overtaken = [swap for swap in rota.swaps if shift in (swap.mine, swap.theirs)]
            return [
                *(ended(rota, roster.rota, swap, "overtaken") for swap in overtaken),
                changed(rota, roster.rota, shift, person, "stand-in"),
            ]
    raise Rejected("wrong-moment", f"cannot {command.verb} a rota", verb=command.verb)


# --- drawing up ----------------------------------------------------------------------------------


def drawn_up(
    place: str, name: str, asked: DrawUp | DrawAgain, roster: Roster, now: datetime
) -> RotaDrawnUp:
    """The shifts in order of time, each with who takes it."""
    members = tuple(dict.fromkeys(asked.members))
    shifts = shared_out(members, asked, roster, now)
    return RotaDrawnUp(place, name, asked.by, members, shifts)


def shared_out(
    members: tuple[str, ...], asked: DrawUp | DrawAgain, roster: Roster, now: datetime
) -> tuple[Shift, ...]:
    """Who takes which shift of the days asked for."""
    if not members or not asked.shifts:
        raise Rejected("rota-empty", "name at least one member and one shift of a day")
    if not timedelta(0) <= asked.last - asked.first < timedelta(days=LONGEST_RANGE):
        raise Rejected(
            "wrong-range",
            f"name a first and a last day, {LONGEST_RANGE} at most",
            most=LONGEST_RANGE,
        )
    times = sorted(times_of(day, span) for day in days_of(asked, roster) for span in asked.shifts)
    if not times or len(times) > MOST_SHIFTS:
        raise Rejected(
            "wrong-number-of-shifts",
            f"these days have {len(times)} shifts; a rota has 1 to {MOST_SHIFTS}",
            count=len(times),
            most=MOST_SHIFTS,
        )
    if times[0][0] <= now:
        raise Rejected("rota-begun", "the first shift must begin later than now")
    away = {(one.person, one.day) for one in asked.away}
    days = [start.astimezone(CHINA).date() for start, _ in times]
    free = [
        frozenset(n for n, member in enumerate(members) if (member, day) not in away)
        for day in days
    ]
    for day, can in zip(days, free, strict=True):
        if not can:
            raise Rejected(
                "nobody-free", f"nobody is free on {day}: name more members", day=day.isoformat()
            )
    taken = drawn(days, free, carried_over(members, roster.before))
    return tuple(
        Shift(start, end, members[who]) for (start, end), who in zip(times, taken, strict=True)
    )


def days_of(asked: DrawUp | DrawAgain, roster: Roster) -> list[date]:
    """The days that need somebody."""
    count = (asked.last - asked.first).days + 1
    days = [asked.first + timedelta(days=n) for n in range(count)]
    return [day for day in days if not asked.days_off_only or day in roster.days_off]


def times_of(day: date, span: str) -> tuple[datetime, datetime]:
    """From when to when a shift of this day lasts."""
    begin, _, end = span.partition("-")
    start, stop = moment(day, begin), moment(day, end)
    return start, stop if stop > start else stop + timedelta(days=1)


def moment(day: date, clock: str) -> datetime:
    """A local time of a day, in UTC."""
    hour, _, minute = clock.partition(":")
    passed = timedelta(hours=int(hour), minutes=int(minute))
    return (datetime.combine(day, time(), CHINA) + passed).astimezone(UTC)


# --- changes -------------------------------------------------------------------------------------


def shift_at(rota: Rota, number: int) -> Shift:
    """The shift of that number."""
    if not 0 <= number < len(rota.shifts):
        raise Rejected("unknown-shift", f"the rota has no shift {number}", number=number)
    return rota.shifts[number]


def proposed(rota: Rota, id: str, asked: ProposeSwap, now: datetime) -> list[Event]:
    """The other is asked; nothing changes yet."""
    mine, theirs = shift_at(rota, asked.mine), shift_at(rota, asked.theirs)
    if mine.person != asked.by:
        raise Rejected("not-your-shift", "only one's own shift can be offered")
    if theirs.person == asked.by:
        raise Rejected("own-swap", "both shifts are yours: nothing is to be swapped")
    until = min(mine.start, theirs.start)
    if until <= now:
        raise Rejected("shift-begun", "a shift that has begun is swapped no more")
    busy = {number for swap in rota.swaps for number in (swap.mine, swap.theirs)}
    if busy & {asked.mine, asked.theirs}:
        raise Rejected("swap-pending", "a swap of one of these shifts is waiting for an answer")
    if len(rota.swaps) >= MOST_SWAPS:
        raise Rejected(
            "too-many-swaps", f"at most {MOST_SWAPS} swaps wait at once", most=MOST_SWAPS
        )
    return [
        RotaSwapProposed(id, rota.place, asked.by, theirs.person, asked.mine, asked.theirs, until)
    ]


def swap_of(
    rota: Rota,
    *,
    by: str | None = None,
    to: str | None = None,
    mine: int | None = None,
    theirs: int | None = None,
) -> Swap:
    """The swap that waits for this person's answer, or that they offered."""
    for swap in rota.swaps:
        if (swap.to, swap.theirs) == (to, theirs) or (swap.by, swap.mine) == (by, mine):
            return swap
    raise Rejected("no-such-swap", "no swap of this shift is waiting for you")


def changed(rota: Rota, id: str, number: int, person: str, because: str) -> RotaShiftChanged:
    """Somebody else has the shift."""
    shift = rota.shifts[number]
    return RotaShiftChanged(
        id, rota.place, number, shift.start, shift.end, shift.person, person, because
    )


def ended(rota: Rota, id: str, swap: Swap, because: str) -> RotaSwapEnded:
    """The shifts stay as they are."""
    return RotaSwapEnded(id, rota.place, swap.by, swap.to, swap.mine, swap.theirs, because)


def lapsed(rota: Rota, id: str, now: datetime) -> list[Event]:
    """What the clock does: an offer nobody answered ends when the earlier shift begins."""
    return [ended(rota, id, swap, "unanswered") for swap in rota.swaps if swap.until <= now]


def evolve(rota: Rota, event: Event) -> Rota:
    """The rota after an event."""
    match event:
        case RotaDrawnUp(place=place, name=name, keeper=keeper, members=members, shifts=shifts):
            return Rota(RotaStatus.DRAWN_UP, place, name, keeper, members, shifts)
        case RotaPublished():
            return replace(rota, status=RotaStatus.PUBLISHED)
        case RotaSwapProposed(by=by, to=to, mine=mine, theirs=theirs, until=until):
            return replace(rota, swaps=(*rota.swaps, Swap(by, to, mine, theirs, until)))
        case RotaSwapEnded(mine=mine):
            return replace(rota, swaps=tuple(swap for swap in rota.swaps if swap.mine != mine))
        case RotaShiftChanged(number=number, person=person):
            now_held = list(rota.shifts)
            now_held[number] = replace(now_held[number], person=person)
            left = tuple(s for s in rota.swaps if number not in (s.mine, s.theirs))
            return replace(rota, shifts=tuple(now_held), swaps=left)
    return rota


def due(rota: Rota) -> datetime | None:
    """When the next offer lapses."""
    return min((swap.until for swap in rota.swaps), default=None)


def on_duty(rota: Rota, moment: datetime) -> list[Shift]:
    """The shifts of a published rota that run at a time."""
    if rota.status is not RotaStatus.PUBLISHED:
        return []
    return [shift for shift in rota.shifts if shift.start <= moment < shift.end]


def open_verbs(rota: Rota) -> tuple[str, ...]:
    """The verbs that this rota knows now."""
    match rota.status:
        case RotaStatus.DRAWN_UP:
            return ("draw-again", "publish")
        case RotaStatus.PUBLISHED:
            answers = ("confirm-swap", "decline-swap", "withdraw-swap") if rota.swaps else ()
            return ("propose-swap", "stand-in", *answers)
    return ()


rota = Aggregate(
    kind="rota",
    initial=Rota(),
    decide=decide,
    evolve=evolve,
    events=(RotaDrawnUp, RotaPublished, RotaSwapProposed, RotaSwapEnded, RotaShiftChanged),
    due=due,
)
