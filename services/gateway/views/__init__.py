"""Queries over the door's own states, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
