"""Queries over three-order service (点单 派单 接单), and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
