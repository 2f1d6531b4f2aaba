"""ledger as a process: ``python -m services.ledger.main``."""

from pathlib import Path

from services.ledger import signing
from services.ledger.api import APIS, QUERIES
from services.ledger.domain import AGGREGATES
from services.ledger.facts import KEPT, facts
from services.ledger.reactions import reactions
from services.ledger.views import KINDS
from shared.runtime.service import Service

service = Service(
    "ledger",
    aggregates=AGGREGATES,
    apis=APIS,
    queries=QUERIES,
    reactions=reactions,
    kinds=KINDS,
    facts=facts,
    copies=KEPT,
    problems=Path(__file__).with_name("problems.zh.yaml"),
    secrets=(signing.SECRET,),
)

if __name__ == "__main__":
    service.run()
