"""Queries over wishes (微心愿), and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
