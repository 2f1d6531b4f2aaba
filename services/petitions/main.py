"""The petitions service, put together."""

from functools import partial
from pathlib import Path

from services.petitions.api import APIS, QUERIES
from services.petitions.domain.category import category
from services.petitions.domain.petition import petition
from services.petitions.facts import surroundings
from services.petitions.reactions import reactions
from services.petitions.rules import rules_or_exit
from services.petitions.views import KINDS
from shared.neighbourhood.member import member
from shared.neighbourhood.place import place
from shared.neighbourhood.post import post
from shared.runtime.copies import Copy
from shared.runtime.service import Service

service = Service(
    "petitions",
    aggregates=(petition, category, place, post, member),
    apis=APIS,
    queries=QUERIES,
    reactions=reactions,
    kinds=KINDS,
    facts=partial(surroundings, rules_or_exit()),
    copies=tuple(partial(Copy, kept) for kept in (place, post, member, category)),
    problems=Path(__file__).with_name("problems.zh.yaml"),
)

if __name__ == "__main__":
    service.run()
