"""A measured figure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, and what else a reader has to know of it."""

    value: float
    note: str = ""
