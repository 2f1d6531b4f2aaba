"""Queries over the states of feed, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
