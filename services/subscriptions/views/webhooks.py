"""Queries over the states of webhooks, and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
