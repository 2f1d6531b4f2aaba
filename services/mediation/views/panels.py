"""Queries over mediators and panels, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
