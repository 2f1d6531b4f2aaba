"""Queries over patrols (三重巡防), and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
