"""Which events raise alarms, answer them or end them; and who is on call no more."""

from services.notifications.domain.alarm import alarm, alarm_id
from services.notifications.domain.alarm_commands import Raise
from services.notifications.domain.alarming import ALARMING, alarming
from services.notifications.domain.on_call import LearnGone, on_call
from services.notifications.views.alarms import lists_of_person
from shared.contracts import community
from shared.contracts.event import Event
from shared.neighbourhood.reactions import learn_posts
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()
learn_posts(reactions)


@reactions.on(*ALARMING)
async def alarm_of(event: Event, about: About, do: Do) -> None:
    """What the event means for the alarm about its matter, if anything. Most matters have none, and
    what ends them is passed over after one look.
    """
    meant = alarming(event)
    if meant is None:
        return
    id = alarm_id(meant.matter)
    if isinstance(meant.command, Raise) or await do.get(alarm, id) is not None:
        await do(alarm, id, meant.command)


@reactions.on(community.ResidentErased)
async def strike_from_lists(event: community.ResidentErased, about: About, do: Do) -> None:
    """Who was erased is called no more."""
    found = [id async for id, _ in do.find(on_call, lists_of_person(event.resident))]
    await do.many((on_call, id, LearnGone(event.resident)) for id in found)
