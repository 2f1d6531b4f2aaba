"""What stands in the columns of a table. The library that writes one as Parquet takes eight
megabytes of every process that knows it, and is known only where a file is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Column(Enum):
    """What stands in a column; any value may be missing."""

    STRING = "string"
    BOOL = "bool"
    INT = "int of 32 bits"
    TIMESTAMP = "milliseconds, UTC"


@dataclass(frozen=True, slots=True)
class Each:
    """In a column: a list in each row, of values or, where `of` has names, of records."""

    of: Column | Mapping[str, Column]
