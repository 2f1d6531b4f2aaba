"""Queries over the three lists (三张清单), and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
