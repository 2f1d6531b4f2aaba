"""Queries over teams and volunteers, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
