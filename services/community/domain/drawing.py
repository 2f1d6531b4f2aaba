"""Drawing up a rota fairly: who takes which shift. Pure arithmetic, the same for the same input.

First comes balance: loads, with what is carried over from former rotas, are as even as who is free
allows. Among the even ones, nobody has two days running where a trade between two avoids it.
"""

from collections import deque
from collections.abc import Mapping, Sequence
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
    taken = [-1] * len(days)
    load = list(carried)
    for shift, can in enumerate(free):
        tired = {taken[other] for other in _around(days, shift) if taken[other] >= 0}
        taken[shift] = min(can, key=lambda member: (load[member], member in tired, member))
        load[taken[shift]] += 1
    _balance(taken, load, free)
    _rest(taken, days, free)
    return taken


def _around(days: Sequence[date], shift: int) -> list[int]:
    """The other shifts of the same day, of the day before and the day after."""
    near = []
    for step in (-1, 1):
        other = shift + step
        while 0 <= other < len(days) and abs(days[other] - days[shift]) <= timedelta(days=1):
            near.append(other)
            other += step
    return near


def _balance(taken: list[int], load: list[int], free: Free) -> None:
    """Hands shifts on, from the most to the less loaded, over others where need be, until no such
    chain makes the loads more even. Then none does: the loads are as even as can be.
    """
    while True:
        for member in sorted(range(len(load)), key=lambda one: (-load[one], one)):
            if chain := _chain(member, taken, load, free):
                for shift, to in chain:
                    taken[shift] = to
                load[member] -= 1
                load[chain[-1][1]] += 1
                break
        else:
            return


def _chain(
    start: int, taken: Sequence[int], load: Sequence[int], free: Free
) -> list[tuple[int, int]]:
    """The shortest chain of shifts handed on that ends with somebody who has two less; empty where
    there is none.
    """
    came: dict[int, tuple[int, int]] = {}
    waiting = deque([start])
    while waiting:
        member = waiting.popleft()
        if load[member] <= load[start] - 2:
            chain = []
            while member != start:
                shift, before = came[member]
                chain.append((shift, member))
                member = before
            return chain[::-1]
        for shift, holder in enumerate(taken):
            if holder == member:
                for other in sorted(free[shift]):
                    if other != start and other not in came:
                        came[other] = (shift, member)
                        waiting.append(other)
    return []


def _rest(taken: list[int], days: Sequence[date], free: Free) -> None:
    """Trades shifts of two members while that leaves fewer days running."""
    near = [_around(days, shift) for shift in range(len(days))]

    def strain(shift: int) -> int:
        return sum(taken[other] == taken[shift] for other in near[shift])

    def total() -> int:
        return sum(strain(shift) for shift in range(len(taken)))

    left = total()
    improved = True
    while left and improved:
        improved = False
        for one in range(len(taken)):
            if not strain(one):
                continue
            for other in range(len(taken)):
                if taken[other] in free[one] and taken[one] in free[other]:
                    before = strain(one) + strain(other)
                    taken[one], taken[other] = taken[other], taken[one]
                    if strain(one) + strain(other) < before and (now := total()) < left:
                        left, improved = now, True
                        break
                    taken[one], taken[other] = taken[other], taken[one]
