"""How a state takes the place of the one before it: by what differs, or whole.

For a document that is replaced, MongoDB makes the keys of every index anew, one for each person on
a list, and copies all of it into its log. Told which fields change, it leaves the others' indexes
alone. What is stored is the same either way, but for the order of fields.
"""

from collections.abc import Collection
from datetime import datetime
from types import NoneType

import msgspec
from pymongo import ReplaceOne, UpdateOne

from shared.runtime.documents import state_document
from shared.runtime.journal import Doc, Stored

PLAIN = frozenset({str, int, bool, NoneType, datetime})
"""Types of which equal values are stored alike."""
_exact = msgspec.msgpack.Encoder(enc_hook=repr).encode
"""Tells apart what is stored differently. What only MongoDB has types for is never the same."""
_NOTHING = object()
"""In place of a field that was not there."""
WORTH_LEAVING = 512
"""Bytes of a state, roughly, from which on what stays of it is left alone. Less is no dearer to
write again, and whoever watches is told what is written whole: MongoDB need not look it up.
"""


def succession(base: int, former: Stored | None, stored: Stored) -> ReplaceOne[Doc] | UpdateOne:
    """The request that puts a state in the place of that of version `base`; `former` is that one,
    as it was read.

    That nobody else did so is made sure by the commit it is written with, whose key holds the
    version. Asked for by `_id` alone MongoDB finds it without planning, and without looking at each
    index for that.
    """
    only = {"_id": stored.id}
    if former is not None and former.version == base:
        differing, staying = _compared(former.state, stored.state)
        gone = former.state.keys() - stored.state.keys()
        if staying >= WORTH_LEAVING and all(map(_can_be_named, (*differing, *gone))):
            return UpdateOne(only, _update(former, stored, differing, gone))
    return ReplaceOne(only, state_document(stored))


def _compared(before: Doc, now: Doc) -> tuple[Doc, int]:
    """The fields that are to be stored otherwise than they are, and how many bytes the others take,
    roughly.

    Types count (1, 1.0 and True are equal in Python), and so does the order of a mapping; a tuple
    that was decided is a list when it is read.
    """
    differing: Doc = {}
    staying = 0
    for name, value in now.items():
        there = before.get(name, _NOTHING)
        kind = type(value)
        if kind in PLAIN:
            alike = type(there) is kind and there == value
            size = 8 + len(value) if kind is str else 8
        elif kind is tuple and not value:
            alike = there == []
            size = 1
        else:
            exactly = _exact(value)
            alike = there is not _NOTHING and _exact(there) == exactly
            size = len(exactly)
        if alike:
            staying += len(name) + size
        else:
            differing[name] = value
    return differing, staying


def _can_be_named(name: str) -> bool:
    """Whether an update can name the field: a dot would lead into it, a dollar mean an operator."""
    return bool(name) and "." not in name and not name.startswith("$")


def _update(former: Stored, stored: Stored, differing: Doc, gone: Collection[str]) -> Doc:
    document = state_document(stored)
    changed: Doc = {name: document[name] for name in ("v", "at", "due") if name in document}
    for name, value in differing.items():
        changed[f"s.{name}"] = value
    lost = {f"s.{name}": "" for name in gone}
    if former.due is not None and stored.due is None:
        lost["due"] = ""
    return {"$set": changed, "$unset": lost} if lost else {"$set": changed}
