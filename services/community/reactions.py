"""What community does about its own events: one stream is written at a time, so what follows for
others follows by event.
"""

from services.community.domain.check_in import ForgetCheckIn, check_in
from services.community.domain.organisation import StrikeMember, organisation
from services.community.domain.resident import resident
from services.community.domain.resident_commands import HearTheHousehold
from services.community.domain.visit import ForgetVisit, visit
from services.community.succession import follow_places
from shared.contracts import community
from shared.runtime.journal import Query
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()
follow_places(reactions)


@reactions.on(community.ResidentVouchedFor)
async def hear_the_household(event: community.ResidentVouchedFor, about: About, do: Do) -> None:
    """Somebody who lives there has said whether the other one does."""
    heard = HearTheHousehold(event.household, event.lives_here)
    await do(resident, event.resident, heard)


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """Whatever else this service keeps of an erased person goes too."""
    async for id, _ in do.find(visit, Query({"resident": event.resident})):
        await do(visit, id, ForgetVisit())
    async for id, _ in do.find(check_in, Query({"person": event.resident})):
        await do(check_in, id, ForgetCheckIn())
    async for id, _ in do.find(organisation, Query({"members.person": event.resident})):
        await do(organisation, id, StrikeMember(event.resident))
