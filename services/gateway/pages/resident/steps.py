"""The timeline of a thing in the words of whom it concerns."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.words import EVENT

WRITTEN: Mapping[str, str] = {
    "CommentWritten": "text",
    "ReasonGiven": "text",
    "WordGiven": "text",
    "AnswerWritten": "done",
    "PromiseWritten": "text",
}
"""Entries of the dossier that are shown with the step they belong to, and the field to show."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened at once: the names of its events, where it went, who did it, what was said."""

    at: str
    events: tuple[str, ...]
    level: str | None
    place: str | None
    answer_by: str | None
    yours: bool
    texts: tuple[str, ...]


def steps_of(
    timeline: Sequence[Mapping[str, Any]],
    dossier: Sequence[Mapping[str, Any]],
    you: str,
    told: Container[str] = EVENT,
) -> list[Step]:
    """The steps of a timeline, the first one in front, with the texts of the dossier. Shown are the
    events that are `told`.
    """
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for entry in dossier:
        field = WRITTEN.get(entry["name"])
        if field is not None and (text := entry["data"].get(field)):
            texts[entry["version"]].append(text)
    found = []
    for commit in timeline:
        named = tuple(dict.fromkeys(e["name"] for e in commit["events"] if e["name"] in told))
        reached = [e["data"] for e in commit["events"] if e["name"] == "PetitionReachedLevel"]
        if not named and not reached:
            continue
        last = reached[-1] if reached else {}
        found.append(
            Step(
                commit["at"],
                named,
                last.get("level"),
                last.get("place"),
                last.get("answer_by"),
                commit["actor"] == you,
                tuple(texts.get(commit["version"], ())),
            )
        )
    return found


def latest(dossier: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """The last entry of that name, with when it was written; None where there is none."""
    found = [entry for entry in dossier if entry["name"] == name]
    return {"at": found[-1]["at"], **found[-1]["data"]} if found else None


def promises_of(
    promises: Sequence[Mapping[str, Any]], dossier: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The promises of an answer with their words."""
    words = {
        entry["data"]["promise"]: entry["data"]["text"]
        for entry in dossier
        if entry["name"] == "PromiseWritten" and entry["data"].get("about") == "promised"
    }
    return [{**one, "text": words.get(one["promise"], "")} for one in promises]
