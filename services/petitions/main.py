"""The petitions service, put together."""

from functools import partial
from pathlib import Path

from services.petitions.api import APIS, QUERIES
from services.petitions.counting import Governance
from services.petitions.domain.category import category
from services.petitions.domain.hot_topic import ID as CITY
from services.petitions.domain.hot_topic import Begin, hotlist
from services.petitions.domain.petition import petition
from services.petitions.domain.whistle import whistle
from services.petitions.facts import surroundings
from services.petitions.kept import BELONGING, KEPT, LEARNT
from services.petitions.reactions import reactions
from services.petitions.receipts import SECRET
from services.petitions.rules import rules_in_use
from services.petitions.views import KINDS
from shared.runtime.running import First
from shared.runtime.service import Service

service = Service(
    "petitions",
    aggregates=(petition, whistle, category, hotlist, *LEARNT),
    apis=APIS,
    queries=QUERIES,
    reactions=reactions,
    kinds=KINDS,
    facts=partial(surroundings, rules_in_use()),
    copies=KEPT,
    first=(First(hotlist, CITY, Begin()),),
    problems=Path(__file__).with_name("problems.zh.yaml"),
    secrets=(SECRET,),
    belonging=BELONGING,
    counts=(Governance(),),
)

if __name__ == "__main__":
    service.run()
