"""How a state takes the place of the one before it: by what differs, or whole.

For a document that is replaced, MongoDB makes the keys of every index anew, one for each person on
a list, and copies all of it into its log. Told which fields change, it leaves the others' indexes
alone. What is stored is the same either way, but for the order of fields.
"""

from datetime import datetime
from types import NoneType
from typing import Any

import msgspec
from pymongo import ReplaceOne, UpdateOne

from shared.runtime.documents import state_document
from shared.runtime.journal import Doc, Stored

PLAIN = frozenset({str, int, bool, NoneType, datetime})
"""Types of which equal values are stored alike."""
_exact = msgspec.msgpack.Encoder(enc_hook=repr).encode
"""Tells apart what is stored differently. What only MongoDB has types for is never the same."""
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
        staying = _staying(former.state, stored.state)
        named = (former.state.keys() | stored.state.keys()) - staying
        if staying and all(map(_can_be_named, named)):
            return UpdateOne(only, _update(former, stored, staying))
    return ReplaceOne(only, state_document(stored))


def _staying(before: Doc, now: Doc) -> frozenset[str]:
    """Fields that stay as they are; none where they are not worth leaving alone."""
    same = []
    size = 0
    for name, value in now.items():
        if name in before and (bytes_alike := _alike(before[name], value)):
            same.append(name)
            size += len(name) + bytes_alike
    return frozenset(same) if size >= WORTH_LEAVING else frozenset()


def _alike(there: Any, now: Any) -> int:
    """How many bytes it takes, roughly, where the same would be stored; otherwise 0.

    Types count (1, 1.0 and True are equal in Python), and so does the order of a mapping; a tuple
    that was decided is a list when it is read.
    """
    if type(there) is type(now) and type(now) in PLAIN:
        if there != now:
            return 0
        return 8 + len(now) if isinstance(now, str) else 8
    exactly = _exact(now)
    return len(exactly) if _exact(there) == exactly else 0


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
