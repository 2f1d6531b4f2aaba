"""notifications as a process: ``python -m services.notifications.main``."""

from pathlib import Path

from services.notifications import contact_codes
from services.notifications.api import APIS, QUERIES
from services.notifications.courier import OUTWARD
from services.notifications.domain import AGGREGATES
from services.notifications.facts import KEPT, facts
from services.notifications.reactions import reactions
from services.notifications.views import KINDS
from shared.neighbourhood.place import place
from shared.runtime.service import Service

service = Service(
    "notifications",
    aggregates=(*AGGREGATES, place),
    apis=APIS,
    queries=QUERIES,
    reactions=reactions,
    kinds=KINDS,
    facts=facts,
    copies=KEPT,
    problems=Path(__file__).with_name("problems.zh.yaml"),
    secrets=(contact_codes.SECRET,),
    outward=OUTWARD,
)

if __name__ == "__main__":
    service.run()
