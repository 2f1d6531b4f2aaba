"""How a state takes the place of the one before it: by what differs, or whole.

For a document that is replaced, MongoDB makes the keys of every index anew, one for each person on
a list, and copies all of it into its log. Told which fields change, it leaves the others' indexes
alone. What is stored is the same either way, but for the order of fields.
"""

from collections.abc import Iterable
from typing import Any

import bson
from pymongo import ReplaceOne, UpdateOne

from shared.runtime.documents import CODEC, state_document
from shared.runtime.journal import Doc, Stored

WORTH_LEAVING = 512
"""Bytes of a state from which on what stays of it is left alone. Less is no dearer to write again,
and whoever watches is told what is written whole without MongoDB having to look it up.
"""


def succession(base: int, former: Stored | None, stored: Stored) -> ReplaceOne[Doc] | UpdateOne:
    """The request that puts a state in the place of that of version `base`, and matches no other.
    `former` is that one, as it was read.
    """
    only = {"_id": stored.id, "v": base}
    if former is not None and former.version == base:
        staying = _staying(former.state, stored.state)
        named = (former.state.keys() | stored.state.keys()) - staying
        if staying and all(map(_can_be_named, named)):
            return UpdateOne(only, _update(former, stored, staying))
    return ReplaceOne(only, state_document(stored))


def _staying(before: Doc, now: Doc) -> frozenset[str]:
    """Fields that stay as they are; none where they are not worth leaving alone."""
    equal = [name for name, value in now.items() if name in before and _alike(before[name], value)]
    there = _encoded(before, equal)
    # Values may be equal in Python and not when they are stored: 1, 1.0 and True.
    if len(there) < WORTH_LEAVING or there != _encoded(now, equal):
        return frozenset()
    return frozenset(equal)


def _alike(there: Any, now: Any) -> bool:
    """Whether values look the same: what is read has lists where what was decided has tuples."""
    if isinstance(now, tuple) and isinstance(there, list):
        return len(there) == len(now) and (there == list(now) or all(map(_alike, there, now)))
    if isinstance(now, dict) and isinstance(there, dict):
        return there.keys() == now.keys() and all(_alike(there[name], now[name]) for name in now)
    return bool(there == now)


def _encoded(state: Doc, names: Iterable[str]) -> bytes:
    return bson.encode({name: state[name] for name in names}, codec_options=CODEC)


def _can_be_named(name: str) -> bool:
    """Whether an update can name the field: a dot would lead into it, a dollar mean an operator."""
    return bool(name) and "." not in name and not name.startswith("$")


def _update(former: Stored, stored: Stored, staying: frozenset[str]) -> Doc:
    document = state_document(stored)
    changed: dict[str, Any] = {
        name: document[name] for name in ("v", "at", "due") if name in document
    }
    changed |= {f"s.{name}": value for name, value in stored.state.items() if name not in staying}
    gone = {f"s.{name}": "" for name in former.state if name not in stored.state}
    if former.due is not None and stored.due is None:
        gone["due"] = ""
    return {"$set": changed, "$unset": gone} if gone else {"$set": changed}
