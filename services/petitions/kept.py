"""What a process of petitions keeps in memory beside its store, for decisions and queries."""

from functools import partial

from services.petitions.domain.category import category
from services.petitions.recent import RecentPetitions
from services.petitions.rules import rules_in_use
from shared.neighbourhood.belonging import Posts, bodies_of
from shared.neighbourhood.member import member
from shared.neighbourhood.place import place
from shared.runtime.copies import Copy, MakeKept
from shared.runtime.numbers import Numbers
from shared.runtime.remembered import RememberedFigures
from shared.runtime.tries import Tries

KEPT: tuple[MakeKept, ...] = (
    partial(Copy, place),
    Posts,
    partial(Copy, member),
    partial(Copy, category),
    partial(Numbers, "receipt"),
    Tries,
    RememberedFigures,
    partial(RecentPetitions, rules_in_use().keeping),
)
BELONGING = bodies_of
"""Which organisations a person belongs to, from these."""
