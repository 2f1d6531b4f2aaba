"""mediation as a process: ``python -m services.mediation.main``."""

from pathlib import Path

from services.mediation import sign_codes
from services.mediation.api import APIS, QUERIES
from services.mediation.domain import AGGREGATES
from services.mediation.facts import KEPT, facts
from services.mediation.reactions import reactions
from services.mediation.views import KINDS
from shared.neighbourhood.home import home
from shared.neighbourhood.member import member
from shared.neighbourhood.place import place
from shared.neighbourhood.post import post
from shared.runtime.service import Service

service = Service(
    "mediation",
    aggregates=(*AGGREGATES, place, post, member, home),
    apis=APIS,
    queries=QUERIES,
    reactions=reactions,
    kinds=KINDS,
    facts=facts,
    copies=KEPT,
    problems=Path(__file__).with_name("problems.zh.yaml"),
    secrets=(sign_codes.SECRET,),
)

if __name__ == "__main__":
    service.run()
