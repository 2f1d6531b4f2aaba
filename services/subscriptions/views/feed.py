"""Queries over the states of feed, and their indexes. The feed is read by the ids of its commits, a
case by its own: neither needs one.
"""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = (Kind("feed"), Kind("case"))
