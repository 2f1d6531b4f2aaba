"""The services of Jinlin, one package each, all of the same shape (see ARCHITECTURE.md)."""

import gc

COLLECT_AFTER = (20_000, 20, 20)
"""Python's garbage collector begins after so many new objects: by default after 700, which is all
the time at a few thousand requests a second. Said here, before anything is imported: modules are
hardly anything but new objects that stay, and to look for garbage among them is an eighth of a
start.
"""

gc.set_threshold(*COLLECT_AFTER)
