"""The states of one kind in memory, with what finds them: what is due, what is unique, and for each
index that is asked for, who has which value of its first field, or of what states are found by.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from shared.runtime.journal import Doc, Index, Kind
from shared.runtime.matching import matches, path, texts_at, value_at


class States:
    """Documents by id, decoded from what is put."""

    def __init__(self, decode: Callable[[bytes], Doc]) -> None:
        self.documents: dict[str, Doc] = {}
        self._raw: dict[str, bytes] = {}
        self.due: list[tuple[datetime, str]] = []
        self.changes: list[bytes] = []
        self.watched = False
        self.unique: tuple[Index, ...] = ()
        self.taken: dict[tuple[Any, ...], str] = {}
        self._decode = decode
        self._leading: frozenset[str] = frozenset()
        self._having: dict[str, dict[str, dict[str, None]]] = {}

    def put(self, raw: bytes) -> None:
        """A state takes the place of the one before it."""
        document = self._decode(raw)
        id = document["_id"]
        former = self.documents.get(id, {})
        if (before := former.get("due")) is not None:
            del self.due[bisect_left(self.due, (before, id))]
        for values in self.values_of(former) if former else ():
            del self.taken[values]
        self.taken |= dict.fromkeys(self.values_of(document), id)
        if document.get("due") is not None:
            insort(self.due, (document["due"], id))
        for name, having in self._having.items():
            had, has = texts_at(former, name), texts_at(document, name)
            for value in had - has:
                del having[value][id]
            for value in has - had:
                having.setdefault(value, {})[id] = None
        self.documents[id] = document
        self._raw[id] = raw
        if self.watched:
            self.changes.append(raw)

    def copy(self, id: str) -> Doc:
        """A document that shares nothing with what is kept. Raises KeyError."""
        return self._decode(self._raw[id])

    def values_of(self, document: Doc) -> list[tuple[Any, ...]]:
        """What no other document may have, by unique index."""
        return [
            (index.fields, *(value_at(document, path(name)) for name, _ in index.fields))
            for index in self.unique
            if matches(document, index.only)
        ]

    def keep(self, kind: Kind) -> None:
        """From now on the indexes are those of this kind."""
        self.unique = tuple(index for index in kind.indexes if index.unique)
        self.taken = {
            values: id
            for id, document in self.documents.items()
            for values in self.values_of(document)
        }
        self._leading = frozenset(index.fields[0][0] for index in kind.indexes).union(kind.found_by)
        self._having = {}

    def watch(self) -> int:
        """From now on changes are kept; the number of those that were kept before."""
        self.watched = True
        return len(self.changes)

    def among(self, where: Mapping[str, Any]) -> Iterable[Doc]:
        """Documents of which some may match, as few as an index tells; all where none does."""
        found = [
            ids for name, wanted in where.items() if (ids := self._ids(name, wanted)) is not None
        ]
        if not found:
            return self.documents.values()
        fewest = min(found, key=len)
        return [self.documents[id] for id in fewest if id in self.documents]

    def _ids(self, name: str, wanted: Any) -> Collection[str] | None:
        """Those that can have the value; None where no index says it."""
        if name == "_id":
            if isinstance(wanted, str):
                return (wanted,)
            named = wanted.get("$in") if isinstance(wanted, Mapping) else None
            return None if named is None else dict.fromkeys(named)
        if name not in self._leading or not isinstance(wanted, str):
            return None
        if name not in self._having:
            having = self._having.setdefault(name, {})
            for id, document in self.documents.items():
                for value in texts_at(document, name):
                    having.setdefault(value, {})[id] = None
        return self._having[name].get(wanted, {})
