"""What a process of subscriptions does beyond store and bus: it calls other systems."""

from services.subscriptions.calling.calling import Calling
from shared.runtime.copies import Copies
from shared.runtime.outgoing import allowed_here
from shared.runtime.running import MakeOutward, Outward
from shared.runtime.store import Store


def calling(store: Store, copies: Copies) -> Outward:
    """Calls webhooks, where this process's settings allow it to."""
    return Calling(store, copies, allowed=allowed_here())


OUTWARD: tuple[MakeOutward, ...] = (calling,)
