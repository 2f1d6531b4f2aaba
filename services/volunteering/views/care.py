"""Queries over care plans, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
