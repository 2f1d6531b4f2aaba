"""community as a process: ``python -m services.community.main``."""

from pathlib import Path

from services.community.api import APIS, QUERIES
from services.community.domain.alliance import alliance
from services.community.domain.check_in import check_in
from services.community.domain.organisation import organisation
from services.community.domain.place import place
from services.community.domain.post import post
from services.community.domain.promise import promise
from services.community.domain.resident import resident
from services.community.domain.rota import rota
from services.community.domain.visit import visit
from services.community.facts import KEPT, facts
from services.community.reactions import reactions
from services.community.views import KINDS
from shared.runtime.service import Service

service = Service(
    "community",
    aggregates=(place, post, resident, organisation, alliance, promise, check_in, visit, rota),
    apis=APIS,
    queries=QUERIES,
    reactions=reactions,
    kinds=KINDS,
    facts=facts,
    copies=KEPT,
    problems=Path(__file__).with_name("problems.zh.yaml"),
)

if __name__ == "__main__":
    service.run()
