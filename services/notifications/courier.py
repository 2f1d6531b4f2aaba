"""What a process of notifications does beyond store and bus: it brings messages to people."""

from shared.runtime.running import MakeOutward

OUTWARD: tuple[MakeOutward, ...] = ()
