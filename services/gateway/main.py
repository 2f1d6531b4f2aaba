"""gateway as a process: ``python -m services.gateway.main``."""

from pathlib import Path

from services.gateway.api import APIS, QUERIES
from services.gateway.domain import AGGREGATES
from services.gateway.facts import KEPT, facts
from services.gateway.gateway import Gateway
from services.gateway.settings import COOKIE_SECRET
from services.gateway.views import KINDS

service = Gateway(
    "gateway",
    aggregates=AGGREGATES,
    apis=APIS,
    queries=QUERIES,
    kinds=KINDS,
    facts=facts,
    copies=KEPT,
    problems=Path(__file__).with_name("problems.zh.yaml"),
    secrets=(COOKIE_SECRET,),
)

if __name__ == "__main__":
    service.run()
