"""The states of one kind in memory, with what finds them: what is due, what is unique, and for each
index that is asked for, who has which value of its first field.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.runtime.journal import Doc, Index
from shared.runtime.matching import matches, path, texts_at, value_at

Values = tuple[Any, ...]


class States:
    """Documents by id. They are kept as they were encoded, and decoded when somebody looks."""

    def __init__(self, decode: Callable[[bytes], Doc]) -> None:
        self.due: list[tuple[datetime, str]] = []
        self.changes: list[bytes] = []
        self.watched = False
        self.taken: dict[Values, str] = {}
        self._decode = decode
        self._raw: dict[str, bytes] = {}
        self._decoded: dict[str, Doc] = {}
        self._versions: dict[str, int] = {}
        self._due: dict[str, datetime] = {}
        self._unique: tuple[Index, ...] = ()
        self._takes: dict[str, list[Values]] = {}
        self._leading: frozenset[str] = frozenset()
        self._having: dict[str, _Having] = {}

    def __iter__(self) -> Iterator[str]:
        """The ids, in the order in which they came."""
        return iter(self._raw)

    def __contains__(self, id: object) -> bool:
        return id in self._raw

    def __len__(self) -> int:
        return len(self._raw)

    def version(self, id: str) -> int:
        """The version of a state; 0 where there is none."""
        return self._versions.get(id, 0)

    def document(self, id: str) -> Doc:
        """A document to look at: it is kept, and not to be given away. Raises KeyError."""
        found = self._decoded.get(id)
        if found is None:
            found = self._decoded[id] = self._decode(self._raw[id])
        return found

    def copy(self, id: str) -> Doc:
        """A document that shares nothing with what is kept. Raises KeyError."""
        return self._decode(self._raw[id])

    def put(self, document: Doc, raw: bytes) -> None:
        """A state, and how it is encoded, takes the place of the one before it."""
        id = document["_id"]
        if (before := self._due.pop(id, None)) is not None:
            del self.due[bisect_left(self.due, (before, id))]
        if (due := document.get("due")) is not None:
            due = due.replace(microsecond=due.microsecond // 1000 * 1000)
            self._due[id] = due
            insort(self.due, (due, id))
        if self._unique:
            for values in self._takes.get(id, ()):
                del self.taken[values]
            self._take(id, document)
        for having in self._having.values():
            having.put(id, document)
        self._raw[id] = raw
        self._versions[id] = document["v"]
        self._decoded.pop(id, None)
        if self.watched:
            self.changes.append(raw)

    def values_of(self, document: Doc) -> list[Values]:
        """What no other document may have, by unique index."""
        return [
            (index.fields, *(value_at(document, path(name)) for name, _ in index.fields))
            for index in self._unique
            if matches(document, index.only)
        ]

    def _take(self, id: str, document: Doc) -> None:
        self._takes[id] = self.values_of(document)
        self.taken |= dict.fromkeys(self._takes[id], id)

    def keep(self, indexes: Sequence[Index]) -> None:
        """From now on these are the indexes."""
        self._unique = tuple(index for index in indexes if index.unique)
        self.taken, self._takes = {}, {}
        for id in self._raw if self._unique else ():
            self._take(id, self.document(id))
        self._leading = frozenset(index.fields[0][0] for index in indexes)
        self._having = {}

    def watch(self) -> int:
        """From now on changes are kept; the number of those that were kept before."""
        self.watched = True
        return len(self.changes)

    def among(self, where: Mapping[str, Any]) -> list[Doc]:
        """Documents of which some may match, as few as an index tells; all where none does."""
        named = (self._ids(name, wanted) for name, wanted in where.items())
        ids = min((each for each in named if each is not None), key=len, default=self._raw)
        return [self.document(id) for id in ids if id in self._raw]

    def _ids(self, name: str, wanted: Any) -> Collection[str] | None:
        """Those that can have the value; None where no index says it."""
        if name == "_id":
            if isinstance(wanted, str):
                return (wanted,)
            several = wanted.get("$in") if isinstance(wanted, Mapping) else None
            return None if several is None else dict.fromkeys(several)
        if name not in self._leading or not isinstance(wanted, str):
            return None
        if name not in self._having:
            self._having[name] = _Having(name)
            for id in self._raw:
                self._having[name].put(id, self.document(id))
        return self._having[name].by_text.get(wanted, {})


class _Having:
    """Who has which text in a field, itself or in a list."""

    def __init__(self, name: str) -> None:
        self.by_text: dict[str, dict[str, None]] = {}
        self._name = name
        self._texts: dict[str, set[str]] = {}

    def put(self, id: str, document: Doc) -> None:
        had, has = self._texts.get(id, set()), texts_at(document, self._name)
        for text in had - has:
            del self.by_text[text][id]
        for text in has - had:
            self.by_text.setdefault(text, {})[id] = None
        self._texts[id] = has
