"""Queries over sessions, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
