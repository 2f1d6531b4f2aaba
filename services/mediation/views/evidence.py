"""Queries over evidence, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
