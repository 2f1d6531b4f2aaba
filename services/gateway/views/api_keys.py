"""Queries over API keys."""

from typing import Any

from shared.runtime.journal import Kind, Query

KINDS: tuple[Kind, ...] = (Kind("api-key"),)


def all_keys(limit: int = 50, after: tuple[Any, ...] | None = None) -> Query:
    """All of them, by id."""
    return Query({}, limit=limit, after=after)
