"""volunteering as a process: ``python -m services.volunteering.main``."""

from pathlib import Path

from services.volunteering import check_in_codes, feed_codes, till_codes
from services.volunteering.api import APIS, QUERIES
from services.volunteering.domain import AGGREGATES
from services.volunteering.facts import KEPT, facts
from services.volunteering.reactions import reactions
from services.volunteering.views import KINDS
from shared.neighbourhood.home import home
from shared.neighbourhood.member import member
from shared.neighbourhood.place import place
from shared.neighbourhood.post import post
from shared.runtime.service import Service

service = Service(
    "volunteering",
    aggregates=(*AGGREGATES, place, post, member, home),
    apis=APIS,
    queries=QUERIES,
    reactions=reactions,
    kinds=KINDS,
    facts=facts,
    copies=KEPT,
    problems=Path(__file__).with_name("problems.zh.yaml"),
    secrets=(check_in_codes.SECRET, feed_codes.SECRET, till_codes.SECRET),
)

if __name__ == "__main__":
    service.run()
