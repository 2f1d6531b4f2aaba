"""What community does about events: its own only. When a place has moved, those below it follow."""

from services.community.copies import places
from services.community.domain.place import FollowParent, place
from shared.contracts import community
from shared.runtime.journal import Unavailable
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


@reactions.on(community.PlaceMoved)
async def move_what_lies_below(event: community.PlaceMoved, about: About, do: Do) -> None:
    """One level at a time: each child's own event moves the ones below it."""
    if not places.ready:
        raise Unavailable("the place tree is being loaded")
    children = [below.code for below in places.values() if below.parent == event.code]
    for child in children:
        await do(place, child, FollowParent(path=event.path))
