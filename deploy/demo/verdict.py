"""Whether all that the demo told of its day is true: in the stores, the topics and the inboxes.

Every function returns the differences, each in a line that a person can follow up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.demo.day import Day
from deploy.demo.evidence import (
    Doc,
    Group,
    Published,
    Stores,
    Topic,
    published_of,
    stream,
    wait_until,
)
from deploy.demo.playing import Case, Done
from shared.contracts.envelope import Envelope

SETTLED_WITHIN = 120.0
"""Seconds until every event is published and handled."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the stores and a topic hold of some streams, once all is published and handled.

    `published` is what the topic must hold by the commits; `events` what it holds, by id, in the
    order of first appearances.
    """

    commits: dict[str, list[Doc]]
    published: list[Published]
    topic: str
    events: Mapping[str, Envelope]
    messages: list[Doc]

    def by_event(self) -> dict[str, list[Doc]]:
        """The stored messages by the event that they tell of."""
        found: dict[str, list[Doc]] = {}
        for message in self.messages:
            found.setdefault(message["s"]["event"], []).append(message)
        return found


def settled(service: str, streams: Sequence[str], stores: Stores, topic: Topic) -> Found:
    """Waits until the streams' events are published and notifications has handled them.

    Raises LocalError when that does not come about.
    """
    commits = stores.commits(service, streams)
    published = published_of(service, (commit for all_of in commits.values() for commit in all_of))
    wait_until_told(published, topic)
    return Found(commits, published, topic.name, topic.events, stores.messages(streams))


def wait_until_told(published: Iterable[Published], topic: Topic) -> None:
    """Waits until these events stand in the topic and notifications has stored its messages.

    Raises LocalError when that does not come about.
    """
    ids = {event.id for event in published}

    def all_published() -> bool:
        topic.read()
        return ids <= topic.events.keys()

    wait_until(all_published, SETTLED_WITHIN, f"every event of the commits is in {topic.name}")
    # Offsets are committed only after the effects are stored: past this, the messages are there.
    ends = topic.ends()
    group = Group("notifications")
    try:
        what = f"notifications has handled {topic.name}"
        wait_until(lambda: group.behind(ends) == 0, SETTLED_WITHIN, what)
    finally:
        group.close()


def check_case(case: Case, day: Day, found: Found, state: Doc | None) -> list[str]:
    """One petition: how it ended, its commits, its state, what was told over HTTP."""
    expect, here = case.matter.expect, f"petition {case.name} ({case.id})"
    commits = found.commits.get(stream(case.id), [])
    differences = []
    if state is None:
        return [f"{here}: there is no state in the store"]
    for field in ("status", "outcome", "level"):
        wanted = getattr(expect, field)
        for where, value in (("store", state["s"][field]), ("HTTP", case.shown[field])):
            if value != wanted:
                differences.append(f"{here}: {field} is {value} ({where}), expected {wanted}")
    reached = tuple(
        event["d"]["level"]
        for commit in commits
        for event in commit["events"]
        if event["n"] == "PetitionReachedLevel"
    )
    if reached != expect.levels:
        wanted = " > ".join(expect.levels)
        differences.append(f"{here}: went {' > '.join(reached)}, expected {wanted}")
    versions = [commit["v"] for commit in commits]
    if versions != list(range(1, len(commits) + 1)):
        differences.append(f"{here}: its commits have the versions {versions}")
    for where, version in (("state", state["v"]), ("HTTP", case.shown["version"])):
        if version != len(commits):
            differences.append(f"{here}: {where} is of version {version}, of {len(commits)}")
    if _as_told(case.timeline) != _as_kept(commits):
        differences.append(f"{here}: the timeline over HTTP is not what the commits say")
    return differences + _check_messages(case, day, found)


def _as_told(timeline: Iterable[Mapping[str, Any]]) -> list[Any]:
    return [
        (entry["version"], entry["actor"], [(one["name"], one["data"]) for one in entry["events"]])
        for entry in timeline
    ]


def _as_kept(commits: Iterable[Doc]) -> list[Any]:
    return [
        (commit["v"], commit["actor"], [(one["n"], one.get("d")) for one in commit["events"]])
        for commit in commits
    ]


def _check_messages(case: Case, day: Day, found: Found) -> list[str]:
    about = stream(case.id)
    stored = [one["s"] for one in found.messages if one["s"]["about"] == about]
    counted = Counter((message["recipient"], message["kind"]) for message in stored)
    names = day.named()
    differences = [
        f"petition {case.name}: {names.get(who, who)} has {counted[who, kind]} messages "
        f"{kind}, expected {number}"
        for (who, kind), number in _either(counted, day.expected_messages(case.name)).items()
        if counted[who, kind] != number
    ]
    once = Counter((message["event"], message["recipient"]) for message in stored)
    return differences + [
        f"petition {case.name}: {names.get(who, who)} was told {number} times of {event}"
        for (event, who), number in once.items()
        if number > 1
    ]


def _either(
    counted: Counter[tuple[str, str]], expected: Counter[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    return {key: expected[key] for key in counted.keys() | expected.keys()}


def check_done(done: Iterable[Done], found: Found) -> list[str]:
    """Every act that was acknowledged is a commit, exactly once, by whoever did it."""
    differences = []
    for one in done:
        commits = found.commits.get(stream(one.id), [])
        kept = [commit for commit in commits if commit["v"] == one.version]
        if [(commit["actor"], commit["verb"]) for commit in kept] != [(one.by, one.act.does)]:
            differences.append(
                f"petition {one.act.petition}: {one.act.does} of {one.by} was acknowledged as "
                f"version {one.version}, the commits say otherwise"
            )
    return differences


def check_topic(found: Found) -> list[str]:
    """Every public event stands in the topic, as the commits have it, in the stream's order."""
    differences = []
    order = {id: n for n, id in enumerate(found.events)}
    last: dict[str, int] = {}
    for event in found.published:
        envelope = found.events.get(event.id)
        if envelope is None:
            differences.append(f"{found.topic}: {event.id} ({event.type}) is missing")
            continue
        if (envelope.type, envelope.data) != (event.type, event.data):
            differences.append(f"{found.topic}: {event.id} is not what the commit says")
        if order[event.id] < last.get(envelope.subject, -1):
            differences.append(f"{found.topic}: {event.id} came before its predecessor")
        last[envelope.subject] = order[event.id]
    return differences


def check_told_once(found: Found, recipients: Mapping[str, str]) -> list[str]:
    """Each of these events (by id, with whom it concerns) led to exactly one message to them."""
    told = Counter(
        (one["s"]["event"], one["s"]["recipient"])
        for messages in found.by_event().values()
        for one in messages
    )
    return [
        f"{who} was told {told[event, who]} times of {event}, expected once"
        for event, who in recipients.items()
        if told[event, who] != 1
    ]


def check_inboxes(
    found: Found, inboxes: Mapping[str, Sequence[Mapping[str, Any]]], names: Mapping[str, str]
) -> list[str]:
    """Every stored message lies in its recipient's inbox, once, readable; nothing else does."""
    about = {message["s"]["about"] for message in found.messages}
    differences = []
    for sub, items in inboxes.items():
        name = names.get(sub, sub)
        here = Counter(item["id"] for item in items if item["about"] in about)
        kept = Counter(one["_id"] for one in found.messages if one["s"]["recipient"] == sub)
        if here != kept:
            differences.append(
                f"inbox of {name}: shows {here.total()} messages, the store has {kept.total()}"
            )
        differences += [
            f"inbox of {name}: message {item['id']} ({item['kind']}) has no words"
            for item in items
            if item["about"] in about and not item["body"]
        ]
    elsewhere = {one["s"]["recipient"] for one in found.messages} - inboxes.keys()
    return differences + [f"somebody unknown was told: {sub}" for sub in sorted(elsewhere)]
