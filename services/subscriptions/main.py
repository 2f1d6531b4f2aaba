"""subscriptions as a process: ``python -m services.subscriptions.main``."""

from pathlib import Path

from services.subscriptions.api import APIS, QUERIES
from services.subscriptions.domain import AGGREGATES
from services.subscriptions.facts import KEPT, facts
from services.subscriptions.outward import OUTWARD
from services.subscriptions.reactions import reactions
from services.subscriptions.views import KINDS
from shared.neighbourhood.place import place
from shared.runtime.service import Service

service = Service(
    "subscriptions",
    aggregates=(*AGGREGATES, place),
    apis=APIS,
    queries=QUERIES,
    reactions=reactions,
    kinds=KINDS,
    facts=facts,
    copies=KEPT,
    problems=Path(__file__).with_name("problems.zh.yaml"),
    outward=OUTWARD,
)

if __name__ == "__main__":
    service.run()
