"""community as a process: ``python -m services.community.main``."""

from functools import partial
from pathlib import Path

from services.community.api import APIS, QUERIES
from services.community.domain.place import place
from services.community.domain.post import post
from services.community.domain.resident import resident
from services.community.tree import facts
from services.community.views import KINDS
from shared.runtime.copies import Copy
from shared.runtime.service import Service

service = Service(
    "community",
    aggregates=(place, post, resident),
    apis=APIS,
    queries=QUERIES,
    kinds=KINDS,
    facts=facts,
    copies=(partial(Copy, place), partial(Copy, post)),
    problems=Path(__file__).with_name("problems.zh.yaml"),
)

if __name__ == "__main__":
    service.run()
