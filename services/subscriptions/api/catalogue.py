"""The catalogue over HTTP: which events there are to subscribe to."""

from shared.runtime.queries import Queries

QUERIES: tuple[Queries, ...] = ()
