"""How commits, states and dossier entries look as documents: the same in MongoDB and in memory."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any, NamedTuple

from bson.codec_options import CodecOptions

from shared.runtime.journal import Change, Commit, Doc, DossierEntry, Recorded, Stored

CODEC: CodecOptions[Doc] = CodecOptions(tz_aware=True, tzinfo=UTC)
"""Times come back aware, in UTC."""


def commit_document(commit: Commit) -> Doc:
    """The document of a commit. What is None is left out: indexes are partial on what is there."""
    document: Doc = {
        "_id": commit_id(commit),
        "stream": commit.stream,
        "v": commit.version,
        "at": commit.at,
        "actor": commit.actor,
        "verb": commit.verb,
        "events": [
            {"n": event.name} if event.data is None else {"n": event.name, "d": event.data}
            for event in commit.events
        ],
        "correlation": commit.correlation,
    }
    if commit.cause is not None:
        # The index on it is unique for each of several.
        document["cause"] = list(commit.causes) if commit.joined else commit.cause
    if commit.fingerprint is not None:
        document["fp"] = commit.fingerprint
    if commit.causation is not None:
        document["causation"] = commit.causation
    if commit.trace is not None:
        document["trace"] = commit.trace
    return document


def commit_id(commit: Commit) -> str:
    """``<stream>/<version>``; ``none/<cause>`` for a mark that a cause led to nothing."""
    if commit.version == 0:
        return f"none/{commit.cause}"
    return f"{commit.stream}/{commit.version}"


def commit_of(document: Doc) -> Commit:
    """The commit of a document."""
    cause = document.get("cause")
    causes: list[Any] = cause if isinstance(cause, list) else [cause]
    return Commit(
        stream=document["stream"],
        version=document["v"],
        at=document["at"],
        actor=document["actor"],
        verb=document["verb"],
        events=tuple(Recorded(event["n"], event.get("d")) for event in document["events"]),
        correlation=document["correlation"],
        cause=causes[0],
        fingerprint=document.get("fp"),
        causation=document.get("causation"),
        trace=document.get("trace"),
        joined=tuple(causes[1:]),
    )


def state_document(stored: Stored) -> Doc:
    """The document of a state; without a due time the field `due` is missing."""
    document: Doc = {"_id": stored.id, "v": stored.version, "at": stored.at, "s": stored.state}
    if stored.due is not None:
        document["due"] = stored.due
    return document


def stored_of(document: Doc) -> Stored:
    """The state of a document."""
    return Stored(
        id=document["_id"],
        version=document["v"],
        at=document["at"],
        state=document["s"],
        due=document.get("due"),
    )


def entry_document(entry: DossierEntry) -> Doc:
    """The document of a dossier entry."""
    return {
        "_id": f"{entry.stream}/{entry.version}/{entry.n}",
        "stream": entry.stream,
        "v": entry.version,
        "n": entry.n,
        "name": entry.name,
        "at": entry.at,
        "d": entry.data,
    }


def entry_of(document: Doc) -> DossierEntry:
    """The dossier entry of a document."""
    return DossierEntry(
        stream=document["stream"],
        version=document["v"],
        n=document["n"],
        name=document["name"],
        at=document["at"],
        data=document["d"],
    )


class Remembered(NamedTuple):
    """What a batch does to dossiers: all of the streams `forgotten` is deleted, then `entries` are
    written.
    """

    forgotten: list[str]
    entries: list[DossierEntry]


def remembered(changes: Sequence[Change]) -> Remembered:
    """What a batch leaves in dossiers: what one of its changes adds, a later one may forget."""
    forgotten: dict[str, None] = {}
    entries: dict[str, list[DossierEntry]] = {}
    for change in changes:
        stream = change.commit.stream
        if change.forgets:
            forgotten[stream] = None
            entries.pop(stream, None)
        if change.dossier:
            entries.setdefault(stream, []).extend(change.dossier)
    return Remembered(list(forgotten), [entry for each in entries.values() for entry in each])


class Replacement(NamedTuple):
    """The state a batch leaves for one stream, in place of that of version `base` (0: none), which
    is `former` where that is known.
    """

    kind: str
    base: int
    stored: Stored
    former: Stored | None


def replacements(changes: Sequence[Change]) -> list[Replacement]:
    """Of several states of one stream the last, in place of what was there before the first."""
    last: dict[tuple[str, str], Replacement] = {}
    for change in changes:
        if change.state is None:
            continue
        key = change.kind, change.state.id
        earlier = last.get(key)
        if earlier is None:
            base = change.state.version - 1
            last[key] = Replacement(change.kind, base, change.state, change.former)
        else:
            last[key] = earlier._replace(stored=change.state)
    return list(last.values())
