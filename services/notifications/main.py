"""notifications as a process: ``python -m services.notifications.main``."""

from functools import partial
from pathlib import Path

from services.notifications.api import messages_api, own, queries
from services.notifications.domain.addressee import addressee
from services.notifications.domain.message import message
from services.notifications.domain.spokespeople import spokespeople
from services.notifications.facts import facts
from services.notifications.reactions import reactions
from services.notifications.views import KINDS
from shared.neighbourhood.place import place
from shared.runtime.copies import Copy
from shared.runtime.service import Service

service = Service(
    "notifications",
    aggregates=(message, addressee, spokespeople, place),
    apis=(messages_api,),
    queries=(queries, own),
    reactions=reactions,
    kinds=KINDS,
    facts=facts,
    copies=(partial(Copy, place), partial(Copy, addressee)),
    problems=Path(__file__).with_name("problems.zh.yaml"),
)

if __name__ == "__main__":
    service.run()
