"""A `Query` in MongoDB's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.runtime.journal import Behind, Doc, Index, Kind, Query
from shared.runtime.matching import Order, check, path, place_after, text_pattern


def condition(where: Mapping[str, Any]) -> Doc:
    """The filter for `where`. Raises ValueError for an unknown operator."""
    check(where)
    return {
        path(name): dict(wanted) if isinstance(wanted, Mapping) else wanted
        for name, wanted in where.items()
    }


def told_apart(where: Mapping[str, Any], kind: Kind | None) -> Doc:
    """The filter for `where`, by which MongoDB sees that an index over some states holds all that
    are asked for. It does not see that one of two statuses is one of eight.
    """
    matching = condition(where)
    follows = [
        condition(only)
        for only in ({} if kind is None else _listed(kind)).values()
        if all(_is_among(where.get(name), values["$in"]) for name, values in only.items())
    ]
    return {"$and": [matching, *follows]} if follows else matching


def page_filter(query: Query, order: Order, kind: Kind | None = None) -> Doc:
    """The filter for the page that begins behind the query's `after`; `kind` has the indexes."""
    matching = told_apart(query.where, kind)
    place = place_after(query, order)
    if place is None:
        return matching
    return {"$and": [matching, *_behind(order, place)]}


def sort_of(order: Order) -> list[tuple[str, int]]:
    """The sort specification."""
    return [(path(name), direction) for name, direction in order]


def text_pipeline(
    kind: str, query: Query, order: Order, length: int, indexed: Kind | None = None
) -> list[Doc]:
    """Walks the states in order and keeps those whose dossier has the text, up to `length`.

    No stage after the sort holds anything back, so an index that serves the order is read only as
    far as needed.
    """
    found = {
        "$regexMatch": {
            "input": "$$field.v",
            "regex": text_pattern(query.text or ""),
            "options": "i",
        }
    }
    in_field = {"$cond": [{"$eq": [{"$type": "$$field.v"}, "string"]}, found, False]}
    in_entry = {
        "$anyElementTrue": {
            "$map": {"input": {"$objectToArray": "$$entry.d"}, "as": "field", "in": in_field}
        }
    }
    in_dossier = {"$anyElementTrue": {"$map": {"input": "$dossier", "as": "entry", "in": in_entry}}}
    return [
        {"$match": page_filter(query, order, indexed)},
        {"$sort": dict(sort_of(order))},
        {"$set": {"stream": {"$concat": [{"$literal": f"{kind}-"}, "$_id"]}}},
        {
            "$lookup": {
                "from": "dossiers",
                "localField": "stream",
                "foreignField": "stream",
                "as": "dossier",
            }
        },
        {"$match": {"$expr": in_dossier}},
        {"$limit": length},
        {"$unset": ["stream", "dossier"]},
    ]


def tally_pipeline(
    by: Sequence[str | Behind], where: Mapping[str, Any], most: int | None
) -> list[Doc]:
    """Counts for each combination of values; they stand in `_id` as ``f0``, ``f1`` and so on."""
    # A missing field would make another group than one that is None.
    values = {f"f{n}": {"$ifNull": [_counted_by(one), None]} for n, one in enumerate(by)}
    pipeline: list[Doc] = [{"$match": condition(where)}] if where else []
    pipeline += [
        {"$group": {"_id": values, "n": {"$sum": 1}}},
        {"$sort": {"n": -1, "_id": 1}},
    ]
    return pipeline if most is None else [*pipeline, {"$limit": most}]


def _counted_by(by: str | Behind) -> Any:
    if isinstance(by, str):
        return f"${path(by)}"
    field = f"${path(by.field)}"
    found = {"$cond": [{"$isArray": field}, field, []]}
    behind = {"$add": [{"$indexOfArray": [found, {"$literal": by.value}]}, 1]}
    last = {"$subtract": [{"$size": found}, 1]}
    return {"$arrayElemAt": [found, {"$min": [behind, last]}]}


def index_keys(index: Index) -> list[tuple[str, int]]:
    """The keys of an index, with `_id` behind them: it decides between equals in every order.
    In a unique one there are no equals.
    """
    keys: list[tuple[str, int]] = [(path(name), direction) for name, direction in index.fields]
    if not index.unique and all(name != "_id" for name, _ in index.fields):
        keys.append(("_id", keys[-1][1]))
    return keys


def index_name(index: Index) -> str:
    """A name that tells apart indexes with the same keys over different parts."""
    keys = "_".join(f"{key}_{direction}" for key, direction in index_keys(index))
    only = "".join(f"_if_{name}_{value}" for name, value in sorted(index.only.items()))
    return ("unique_" if index.unique else "") + keys + only


def _listed(kind: Kind) -> dict[str, dict[str, Any]]:
    """The lists of values to which indexes of the kind are restricted, each once."""
    lists: dict[str, dict[str, Any]] = {}
    for index in kind.indexes:
        only = {
            name: wanted
            for name, wanted in index.only.items()
            if isinstance(wanted, Mapping) and set(wanted) == {"$in"}
        }
        if only:
            lists[str(only)] = only
    return lists


def _is_among(wanted: Any, values: Sequence[Any]) -> bool:
    """Whether a condition takes nothing but these values."""
    if isinstance(wanted, Mapping):
        return "$in" in wanted and all(value in values for value in wanted["$in"])
    return wanted in values


def _behind(order: Order, place: tuple[Any, ...]) -> list[Doc]:
    """Conditions for standing behind a place. None (or a missing field) stands first of all."""
    branches: list[Doc] = []
    equal: Doc = {}
    for (name, direction), value in zip(order, place, strict=True):
        where = path(name)
        further = _further(where, direction, value)
        if further is not None:
            branches.append({"$and": [equal, further]} if equal else further)
        equal = {**equal, where: value}
    conditions: list[Doc] = [{"$or": branches}] if branches else [{"_id": {"$in": []}}]
    (first, direction), value = order[0], place[0]
    if value is not None:
        # Follows from the rest, but lets an index begin at the place instead of at its start.
        at_least: Doc = {"$gte": value} if direction > 0 else {"$not": {"$gt": value}}
        conditions.append({path(first): at_least})
    return conditions


def _further(where: str, direction: int, value: Any) -> Doc | None:
    if direction > 0:
        return {where: {"$ne": None}} if value is None else {where: {"$gt": value}}
    if value is None:
        return None
    return {"$or": [{where: {"$lt": value}}, {where: None}]}
