"""What petitions learns of the neighbourhood, and what a process keeps in memory beside its store
for decisions and queries.
"""

from functools import partial
from typing import Any

from services.petitions.domain.category import category
from services.petitions.recent import RecentPetitions
from services.petitions.rules import rules_in_use
from shared.neighbourhood.belonging import Posts, bodies_of
from shared.neighbourhood.home import home
from shared.neighbourhood.member import member
from shared.neighbourhood.organisation import organisation
from shared.neighbourhood.place import place
from shared.neighbourhood.post import post
from shared.runtime.aggregate import Aggregate
from shared.runtime.copies import Copy, MakeKept
from shared.runtime.numbers import Numbers
from shared.runtime.remembered import RememberedFigures
from shared.runtime.tries import Tries

LEARNT: tuple[Aggregate[Any], ...] = (place, post, member, organisation, home)
"""Homes are looked at beside a command: they are too many to be kept in memory."""

KEPT: tuple[MakeKept, ...] = (
    partial(Copy, place),
    Posts,
    partial(Copy, member),
    partial(Copy, organisation),
    partial(Copy, category),
    partial(Numbers, "receipt"),
    Tries,
    RememberedFigures,
    partial(RecentPetitions, rules_in_use().keeping),
)
BELONGING = bodies_of
"""Which organisations a person belongs to, from these."""
