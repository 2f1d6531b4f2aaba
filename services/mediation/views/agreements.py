"""Queries over agreements, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
