"""What a process of subscriptions does beyond store and bus: it calls other systems."""

from shared.runtime.running import MakeOutward

OUTWARD: tuple[MakeOutward, ...] = ()
