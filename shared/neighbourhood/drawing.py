"""Drawing up a rota fairly: who takes which shift. Pure arithmetic, the same for the same input.

First comes balance: loads, with what is carried over from former rotas, are as even as who is free
allows. Among the even ones, nobody has two days running where a trade between two avoids it. Shifts
may need several people at once, a crew: then each of them has one of the places of the shift.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

MOST_CARRIED = 3
"""Shifts that one rota makes good at most: who did little for years is not on duty every day."""

Free = Sequence[frozenset[int]]
"""For each shift the members that can take it, by their number."""


def carried_over(members: Sequence[str], before: Mapping[str, int]) -> list[int]:
    """What each member begins with: their shifts in former rotas above the least of all.

    Who is new begins like the one who did least.
    """
    known = [before[member] for member in members if member in before]
    least = min(known, default=0)
    return [min(before.get(member, least) - least, MOST_CARRIED) for member in members]


def drawn(days: Sequence[date], free: Free, carried: Sequence[int]) -> list[int]:
    """The member who takes each shift; every shift has somebody free, and `days` are in order."""
    return [member for (member,) in crews_drawn(days, free, carried, 1)]


def crews_drawn(
    days: Sequence[date], free: Free, carried: Sequence[int], crew: int
) -> list[tuple[int, ...]]:
    """The `crew` members who take each shift together; for every one so many are free, and `days`
    are in order.
    """
    places = _Places(
        [day for day in days for _ in range(crew)], [can for can in free for _ in range(crew)], crew
    )
    load = list(carried)
    for place in range(len(places.days)):
        can = places.free[place].difference(places.crew_of(place))
        tired = {places.taken[other] for other in places.around(place)}
        places.taken[place] = min(can, key=lambda member: (load[member], member in tired, member))
        load[places.taken[place]] += 1
    _balance(places, load)
    _rest(places)
    return [
        tuple(sorted(places.taken[first : first + crew]))
        for first in range(0, len(places.taken), crew)
    ]


NOBODY = -1


@dataclass
class _Places:
    """The places of all shifts, those of one shift side by side: their days, who can take them, and
    who does.
    """

    days: Sequence[date]
    free: Free
    crew: int
    taken: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.taken = [NOBODY] * len(self.days)

    def crew_of(self, place: int) -> list[int]:
        """Who has the places of the same shift, as far as they are given out."""
        first = place - place % self.crew
        return self.taken[first : first + self.crew]

    def takes(self, place: int, member: int) -> bool:
        """Whether somebody can take it: who is free then, and not in the crew already."""
        if member not in self.free[place]:
            return False
        return self.crew == 1 or member not in self.crew_of(place)

    def around(self, place: int) -> list[int]:
        """The other places of the same day, of the day before and the day after."""
        near = []
        for step in (-1, 1):
            other = place + step
            while 0 <= other < len(self.days) and abs(
                self.days[other] - self.days[place]
            ) <= timedelta(days=1):
                near.append(other)
                other += step
        return near


def _balance(places: _Places, load: list[int]) -> None:
    """Hands places on, from the most to the less loaded, over others where need be, until no such
    chain makes the loads more even. Then none does: the loads are as even as can be.
    """
    while True:
        for member in sorted(range(len(load)), key=lambda one: (-load[one], one)):
            if chain := _chain(member, places, load):
                for place, to in chain:
                    places.taken[place] = to
                load[member] -= 1
                load[chain[-1][1]] += 1
                break
        else:
            return


def _chain(start: int, places: _Places, load: Sequence[int]) -> list[tuple[int, int]]:
    """The shortest chain of places handed on that ends with somebody who has two less; empty where
    there is none.

    A shortest one comes to no shift twice: who is in the crew once the chain has passed would have
    taken the first place of it directly.
    """
    came: dict[int, tuple[int, int]] = {}
    waiting = deque([start])
    while waiting:
        member = waiting.popleft()
        if load[member] <= load[start] - 2:
            chain = []
            while member != start:
                place, before = came[member]
                chain.append((place, member))
                member = before
            return chain[::-1]
        for place, holder in enumerate(places.taken):
            if holder == member:
                for other in sorted(places.free[place]):
                    if other != start and other not in came and places.takes(place, other):
                        came[other] = (place, member)
                        waiting.append(other)
    return []


def _rest(places: _Places) -> None:
    """Trades places of two members while that leaves fewer days running."""
    taken = places.taken
    near = [places.around(place) for place in range(len(taken))]

    def strain(place: int) -> int:
        return sum(taken[other] == taken[place] for other in near[place])

    def total() -> int:
        return sum(strain(place) for place in range(len(taken)))

    left = total()
    improved = True
    while left and improved:
        improved = False
        for one in range(len(taken)):
            if not strain(one):
                continue
            for other in range(len(taken)):
                if taken[other] == taken[one]:
                    continue
                if places.takes(one, taken[other]) and places.takes(other, taken[one]):
                    before = strain(one) + strain(other)
                    taken[one], taken[other] = taken[other], taken[one]
                    if strain(one) + strain(other) < before and (now := total()) < left:
                        left, improved = now, True
                        break
                    taken[one], taken[other] = taken[other], taken[one]
