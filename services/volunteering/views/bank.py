"""Queries over the points bank (爱心银行), and their indexes."""

from shared.runtime.journal import Kind

KINDS: tuple[Kind, ...] = ()
