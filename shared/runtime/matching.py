"""What a `Query` means: which documents match, in which order, and where a page begins.

What comes before `matches` holds for every journal; the rest is MongoDB's comparison, written down
for the one in memory.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from shared.runtime.journal import Behind, Doc, Query

Order = tuple[tuple[str, Literal[1, -1]], ...]

RANGES = ("$lt", "$lte", "$gt", "$gte")
OPERATORS = ("$in", "$ne", "$nin", *RANGES)


def path(name: str) -> str:
    """Where a field that a query names stands in the document of a state."""
    return name if name in ("_id", "at", "due") else f"s.{name}"


def check(where: Mapping[str, Any]) -> None:
    """Raises ValueError for a name or an operator that no journal knows."""
    for name, wanted in where.items():
        if not name or name.startswith("$"):
            raise ValueError(f"{name!r} is not the name of a field")
        if not isinstance(wanted, Mapping):
            continue
        if not wanted:
            raise ValueError(f"{name}: an empty mapping has no operator")
        for operator, operand in wanted.items():
            if operator not in OPERATORS:
                known = ", ".join(OPERATORS)
                raise ValueError(f"{name}: unknown operator {operator!r}, known are {known}")
            if operator in RANGES and operand is None:
                raise ValueError(f"{name}: nothing is before or after None ({operator})")


def full_order(query: Query) -> Order:
    """The query's order made total: `_id` decides between equals, in the last field's direction."""
    if any(name == "_id" for name, _ in query.order):
        return query.order
    return (*query.order, ("_id", query.order[-1][1] if query.order else 1))


def place_after(query: Query, order: Order) -> tuple[Any, ...] | None:
    """The query's `after`. Raises ValueError when it does not fit the order."""
    if query.after is None:
        return None
    if len(query.after) != len(order):
        raise ValueError(f"`after` has {len(query.after)} values, the order {len(order)}")
    return tuple(query.after)


def place_of(document: Doc, order: Order) -> tuple[Any, ...]:
    """Where a document stands in the order: what a following page is asked for with."""
    return tuple(value_at(document, path(name)) for name, _ in order)


def value_at(document: Doc, where: str) -> Any:
    """The value at a dotted path, None when there is none."""
    value: Any = document
    for part in where.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


_LIST = 4
"""Where lists stand in BSON's order of types."""


def check_tally(by: Sequence[str | Behind], most: int | None) -> None:
    """Raises ValueError for what no journal can count."""
    check(dict.fromkeys(one if isinstance(one, str) else one.field for one in by))
    if not by or (most is not None and most < 1):
        raise ValueError("a tally is by one field at least, and of one number at least")


def combination(values: Sequence[Any]) -> tuple[tuple[int, Any], ...]:
    """What tells the values that are counted together from others, and puts them in order. A list
    counts as one value. Raises ValueError for an object.
    """
    return tuple(
        (_LIST, combination(value)) if isinstance(value, list) else _comparable(value)
        for value in values
    )


def counted_by(document: Doc, by: str | Behind) -> Any:
    """The value that a document is counted under."""
    if isinstance(by, str):
        return value_at(document, path(by))
    found = value_at(document, path(by.field))
    if not isinstance(found, list) or not found:
        return None
    behind = found.index(by.value) + 1 if by.value in found else 0
    return found[min(behind, len(found) - 1)]


def text_pattern(text: str) -> str:
    """A regular expression, for Python and PCRE, that finds just this text."""
    # A raw NUL ends a pattern of PCRE.
    return re.escape(text).replace("\0", r"\x00")


def matches(document: Doc, where: Mapping[str, Any]) -> bool:
    """Whether a document fulfils all conditions, compared as MongoDB compares."""
    return all(
        _fulfils(list(_values(document, path(name).split("."))), wanted)
        for name, wanted in where.items()
    )


def texts_at(document: Doc, name: str) -> set[str]:
    """The texts that a field has, itself or in a list: what a condition that names one is held
    against.
    """
    found = _values(document, path(name).split("."))
    return {value for value in found if isinstance(value, str)}


def sorted_by(documents: list[Doc], order: Order) -> list[Doc]:
    """The documents in order."""
    # Sorting is stable: from the least to the most important field.
    for name, direction in reversed(order):
        where = path(name)
        documents = sorted(
            documents, key=lambda d: _comparable(value_at(d, where)), reverse=direction < 0
        )
    return documents


def is_after(document: Doc, place: Sequence[Any], order: Order) -> bool:
    """Whether a document stands behind a place in the order."""
    for (name, direction), there in zip(order, place, strict=True):
        here = _comparable(value_at(document, path(name)))
        then = _comparable(there)
        if here != then:
            return (here > then) == (direction > 0)
    return False


def _values(value: Any, parts: Sequence[str]) -> Iterator[Any]:
    """What a condition on a path is held against: the value, and each element of a list."""
    if not parts:
        yield value
        if isinstance(value, list):
            yield from value
    elif isinstance(value, Mapping):
        yield from _values(value.get(parts[0]), parts[1:])
    elif isinstance(value, list):
        for element in value:
            if isinstance(element, Mapping):
                yield from _values(element, parts)
    else:
        yield None


def _fulfils(values: list[Any], wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return _contains(values, wanted)
    return all(_operate(values, operator, operand) for operator, operand in wanted.items())


def _operate(values: list[Any], operator: str, operand: Any) -> bool:
    if operator == "$in":
        return any(_contains(values, one) for one in operand)
    if operator == "$ne":
        return not _contains(values, operand)
    if operator == "$nin":
        return not any(_contains(values, one) for one in operand)
    bound = _comparable(operand)
    for value in values:
        if isinstance(value, list):
            continue
        here = _comparable(value)
        # A range holds within a type only: None is not before a date.
        if here[0] == bound[0] and _in_range(here, operator, bound):
            return True
    return False


def _in_range(here: tuple[int, Any], operator: str, bound: tuple[int, Any]) -> bool:
    if operator == "$lt":
        return here < bound
    if operator == "$lte":
        return here <= bound
    if operator == "$gt":
        return here > bound
    return here >= bound


def _contains(values: list[Any], wanted: Any) -> bool:
    is_bool = isinstance(wanted, bool)
    return any(value == wanted and isinstance(value, bool) == is_bool for value in values)


def _comparable(value: Any) -> tuple[int, Any]:
    """A key in BSON's order of types."""
    match value:
        case None:
            return 0, 0
        case bool():
            return 8, value
        case int() | float():
            return 1, value
        case str():
            return 2, str(value)
        case bytes():
            return 5, value
        case datetime():
            return 9, value
    raise ValueError(f"values of type {type(value).__name__} have no order here")
