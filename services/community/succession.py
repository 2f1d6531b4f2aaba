"""What follows in other streams when a place is split, closed or given a pattern.

Each step is one command of one stream with the event as its cause: after a crash the event comes
again, what was done has no second effect, and the rest is done.
"""

from services.community.domain.place import place
from services.community.domain.place_commands import EndSplit, FoundPart, HangUnderPart
from services.community.domain.post import post
from services.community.domain.post_commands import EndWithPlace, ReleasePost, RequirePost
from services.community.domain.post_state import post_id
from shared.contracts import community
from shared.runtime.journal import Query
from shared.runtime.reactions import About, Do, Reactions


def follow_places(reactions: Reactions) -> None:
    """Adds what follows from community's own events of places."""

    @reactions.on(community.PlaceSplit)
    async def carry_out_the_split(event: community.PlaceSplit, about: About, do: Do) -> None:
        """Founds the parts, hangs those below under them, ends the split: in this order, so that
        nothing ever hangs below what does not exist.
        """
        above = event.path[:-1]
        async for _, split in do.find(place, Query({"_id": event.code})):
            if split.parting is None:
                return
            for new in split.parting.names:
                path = (*above, new.code)
                await do(
                    place,
                    new.code,
                    FoundPart(new.code, split.kind, new.name, above[-1] if above else None, path),
                )
            for given in split.parting.children:
                hang = HangUnderPart(event.code, given.to, (*above, given.to))
                await do(place, given.child, hang)
            await do(place, event.code, EndSplit())

    @reactions.on(community.PlaceClosed)
    async def end_its_posts(event: community.PlaceClosed, about: About, do: Do) -> None:
        """Nobody holds a post at a place that is no more."""
        async for id, _ in do.find(post, Query({"place": event.code})):
            await do(post, id, EndWithPlace())

    @reactions.on(community.PatternAdopted)
    async def require_its_posts(event: community.PatternAdopted, about: About, do: Do) -> None:
        """The posts of the pattern exist and must be filled; those it dropped need not."""
        for duty in event.dropped:
            await do(post, post_id(event.place, duty), ReleasePost())
        for duty in event.duties:
            asked = RequirePost(event.place, duty, event.fill_within_days)
            await do(post, post_id(event.place, duty), asked)
