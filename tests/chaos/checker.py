"""The invariants of the platform, checked over plain data after whatever happened to it.

It knows nothing of how the data came to be: the simulation and the tests with real servers give it
what clients were told, what the stores hold and what the topics carry. It waits for nothing: check
when everything has come to rest.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from json import dumps
from typing import Any

import msgspec

from services.notifications.domain.audience import who_must_know
from services.notifications.own_words import OWN_WORDS
from shared.contracts.envelope import Envelope, Unreadable, event_in, parse, public_events
from shared.contracts.event import Event, Personal
from shared.contracts.notifications import BroadcastApproved, MessagePosted
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.journal import Commit, Query
from shared.runtime.reactions import About, Reactions
from tests.chaos.evidence import (
    Acknowledged,
    Evidence,
    Message,
    Refused,
    Told,
    Unacknowledged,
    evidence_of,
)

__all__ = [
    "Acknowledged",
    "Evidence",
    "Message",
    "Refused",
    "Told",
    "Unacknowledged",
    "Violation",
    "check",
    "evidence_of",
]

LATEST = timedelta(seconds=5)
"""How long after its due time an aggregate may still wait for its tick."""

ANSWERS_TO = frozenset(
    {
        "file",
        "hand-up",
        "rate",
        "tick",
        "suspend",
        "resume",
        "follow-up",
        "judge-promise",
        "follow-up-promise",
        "rate-by-receipt",
        "judge-promise-by-receipt",
        "ask-review-by-receipt",
        "ask-review",
        "wait-for-mediation",
        "end-mediation",
    }
)
"""The verbs that may give a petition another deadline; all others leave it where it is, but that
what is suspended begins to run again when it is answered or closed.
"""
ENDS_SUSPENSION = frozenset({"answer", "close"})


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise; `invariant` is its number in the list of invariants."""

    invariant: int
    text: str

    def __str__(self) -> str:
        return f"[{self.invariant}] {self.text}"


# --- the check -------------------------------------------------------------------------------


def check(
    services: Sequence[Evidence],
    told: Iterable[Told],
    now: datetime,
    *,
    latest: timedelta = LATEST,
    personal: Iterable[str] = (),
    lines: Iterable[str] = (),
) -> list[Violation]:
    """All that is broken. `personal` are the strings planted in personal data, to be found nowhere
    in topics, commits, states or `lines` (of logs, metrics, traces).
    """
    records = [_Record(evidence) for evidence in services]
    found: list[Violation] = []
    found += _causes(records, list(told))
    for record in records:
        found += _versions(record)
        found += _published(record)
        found += _states(record, now, latest)
        found += _deadlines(record)
    found += _effects(records)
    found += _tellings(records)
    found += _personal(services, list(personal), lines)
    return found


@dataclass(slots=True)
class _Record:
    """A service's evidence, put in order."""

    evidence: Evidence
    streams: dict[str, list[Commit]] = field(default_factory=lambda: defaultdict(list))
    by_cause: dict[str, list[Commit]] = field(default_factory=lambda: defaultdict(list))
    public: dict[str, tuple[Commit, Event]] = field(default_factory=dict)
    """The public events by id."""

    def __post_init__(self) -> None:
        classes = {event.__name__: event for event in public_events(self.service).values()}
        for commit in self.evidence.commits:
            if commit.version > 0:
                self.streams[commit.stream].append(commit)
            for cause in commit.causes:
                self.by_cause[cause].append(commit)
            for n, recorded in enumerate(commit.events):
                if recorded.name in classes and recorded.data is not None:
                    id = f"{self.service}/{commit.stream}/{commit.version}/{n}"
                    event = msgspec.convert(recorded.data, classes[recorded.name])
                    self.public[id] = (commit, event)
        for commits in self.streams.values():
            commits.sort(key=lambda commit: commit.version)

    @property
    def service(self) -> str:
        return self.evidence.service


# --- 1: what was told is so ------------------------------------------------------------------


def _causes(records: Sequence[_Record], told: Sequence[Told]) -> Iterator[Violation]:
    by_service = {record.service: record for record in records}
    for record in records:
        for cause, commits in record.by_cause.items():
            if len(commits) > 1:
                where = ", ".join(f"{c.stream}/{c.version}" for c in commits)
                yield Violation(1, f"{record.service}: cause {cause} had effect twice: {where}")
    for one in told:
        record = by_service[one.service]
        commits = record.by_cause.get(one.cause, [])
        match one:
            case Acknowledged() if not commits:
                last = record.streams[one.stream][-1:] if one.stream in record.streams else []
                there = last[0].version if last else 0
                if not (one.perhaps_idle and there >= one.version):
                    yield Violation(
                        1,
                        f"{one.service}: {one.cause} was acknowledged as "
                        f"{one.stream}/{one.version} and is in no commit",
                    )
            case Acknowledged() if (commits[0].stream, commits[0].version) != (
                one.stream,
                one.version,
            ):
                yield Violation(
                    1,
                    f"{one.service}: {one.cause} was acknowledged as {one.stream}/{one.version} "
                    f"and is {commits[0].stream}/{commits[0].version}",
                )
            case Refused() if commits:
                yield Violation(
                    1,
                    f"{one.service}: {one.cause} was refused and is "
                    f"{commits[0].stream}/{commits[0].version}",
                )


def _versions(record: _Record) -> Iterator[Violation]:
    for stream, commits in record.streams.items():
        versions = [commit.version for commit in commits]
        if versions != list(range(1, len(versions) + 1)):
            yield Violation(1, f"{record.service}: {stream} has the versions {versions}")
        for earlier, later in pairwise(commits):
            if later.at < earlier.at:
                yield Violation(
                    1, f"{record.service}: {stream}/{later.version} is earlier than the one before"
                )


# --- 2: what happened is known ---------------------------------------------------------------


def _published(record: _Record) -> Iterator[Violation]:
    first_seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    seen: dict[str, Envelope] = {}
    for message in record.evidence.messages:
        try:
            envelope = parse(message.value)
        except Unreadable as error:
            yield Violation(2, f"{record.service}: a message of its topic is unreadable: {error}")
            continue
        if message.key != envelope.subject.encode():
            yield Violation(2, f"{envelope.id} has the key {message.key!r}")
        if envelope.id in seen:
            if seen[envelope.id].to_bytes() != envelope.to_bytes():
                yield Violation(2, f"{envelope.id} is in the topic with two contents")
            continue
        seen[envelope.id] = envelope
        _, n = envelope.id.rsplit("/", 1)
        first_seen[envelope.subject].append((envelope.sequence, int(n)))
        if envelope.id not in record.public:
            yield Violation(2, f"{envelope.id} was published and is in no commit")
        elif event_in(envelope) != record.public[envelope.id][1]:
            yield Violation(2, f"{envelope.id} was published otherwise than committed")
    for id in record.public.keys() - seen.keys():
        yield Violation(2, f"{id} was never published")
    for stream, order in first_seen.items():
        if order != sorted(order):
            yield Violation(2, f"{record.service}: {stream} was published out of order: {order}")


def _effects(records: Sequence[_Record]) -> Iterator[Violation]:
    """Runs the reactions on every event: each command they send must be there, and no other."""
    for record in records:
        reactions = record.evidence.reactions
        if reactions is None:
            continue
        expected: set[str] = set()
        looking: set[str] = set()
        for origin in records:
            for id, (commit, event) in origin.public.items():
                if id not in record.evidence.dead:
                    sent = _Sent(id)
                    if not _react(reactions, origin.service, commit, event, sent):
                        looking.add(id)
                    expected |= sent.causes
        present = {
            cause
            for cause, commits in record.by_cause.items()
            if any(commit.causation is not None for commit in commits)
        }
        for cause in sorted(expected - present):
            yield Violation(2, f"{record.service}: no effect of {cause}")
        for cause in sorted(present - expected):
            if cause.partition(">")[0] in looking:
                continue  # whom it concerned hung on what there was when it came
            yield Violation(2, f"{record.service}: an effect without its event: {cause}")


class _Looked(Exception):
    """A reaction looked at what the service had at that time, which is not known any more."""


@dataclass(frozen=True)
class _Sent:
    """Notes the causes of the commands that the reactions to an event send."""

    event: str
    causes: set[str] = field(default_factory=set)

    async def __call__(self, aggregate: Aggregate[Any], id: str, command: Command) -> None:
        self.causes.add(f"{self.event}>{aggregate.stream(id)}")

    async def many(self, commands: Iterable[tuple[Aggregate[Any], str, Command]]) -> None:
        for aggregate, id, command in commands:
            await self(aggregate, id, command)

    def find(self, aggregate: Aggregate[Any], query: Query) -> AsyncIterator[tuple[str, Any]]:
        raise _Looked

    async def get(self, aggregate: Aggregate[Any], id: str) -> Any:
        raise _Looked

    async def latest(self, aggregate: Aggregate[Any], id: str, name: str) -> Any:
        raise _Looked

    async def dossier(self, aggregate: Aggregate[Any], id: str) -> Any:
        raise _Looked


def _react(reactions: Reactions, service: str, commit: Commit, event: Event, sent: _Sent) -> bool:
    """Runs the reactions to an event; False where one of them looks around before it acts."""
    type = next(t for t, cls in public_events(service).items() if cls is event.__class__)
    about = About(
        sent.event, service, type, commit.stream, commit.version, commit.at, commit.correlation
    )
    try:
        for reaction in reactions.for_type(type):
            _run(reaction(event, about, sent))
    except _Looked:
        return False
    return True


def _run(work: Awaitable[None]) -> None:
    """Runs what waits for nothing: reactions have no effects but through `do`."""
    steps = work.__await__()
    for _ in steps:
        raise AssertionError("a reaction waits for something else than its command")


def _tellings(records: Sequence[_Record]) -> Iterator[Violation]:
    """Everybody who must know has one message, counted in notifications' own commits."""
    inbox = next((record for record in records if record.service == "notifications"), None)
    if inbox is None:
        return
    posted = Counter(
        (event.event, event.recipient, event.kind)
        for _, event in inbox.public.values()
        if isinstance(event, MessagePosted)
    )
    must: set[tuple[str, str, str]] = set()
    for origin in records:
        for id, (_, event) in origin.public.items():
            if id not in inbox.evidence.dead:
                must |= {(id, t.recipient, t.kind) for t in who_must_know(event) if not t.body}
    # A broadcast tells whoever it finds, each once; which ones, its own test knows.
    approved = {
        f"broadcast-{event.broadcast}"
        for _, event in inbox.public.values()
        if isinstance(event, BroadcastApproved)
    }
    must |= {told for told in posted if told[0] in approved and told[2] in OWN_WORDS}
    for id, recipient, kind in sorted(must | posted.keys()):
        times = posted[id, recipient, kind]
        if times != ((id, recipient, kind) in must):
            yield Violation(2, f"{recipient} was told {times} times ({kind}) of {id}")


# --- 3: the states are right, and in time ----------------------------------------------------


def _states(record: _Record, now: datetime, latest: timedelta) -> Iterator[Violation]:
    for aggregate in record.evidence.aggregates:
        stored = {one.id: one for one in record.evidence.states.get(aggregate.kind, ())}
        prefix = aggregate.stream("")
        longer = tuple(
            other.stream("")
            for other in record.evidence.aggregates
            if other.stream("").startswith(prefix) and other is not aggregate
        )
        ids = {
            s.removeprefix(prefix)
            for s in record.streams
            if s.startswith(prefix) and not (longer and s.startswith(longer))
        }
        for id in sorted(ids | stored.keys()):
            stream = f"{record.service}: {aggregate.stream(id)}"
            commits = record.streams.get(aggregate.stream(id), [])
            if id not in stored or not commits:
                missing = "a state" if commits else "commits"
                yield Violation(3, f"{stream} is without {missing}")
                continue
            one = stored[id]
            *_, (_, folded) = _steps(aggregate, commits)
            if one.version != commits[-1].version:
                yield Violation(3, f"{stream} is at {one.version}, not {commits[-1].version}")
            elif msgspec.convert(one.state, type(aggregate.initial)) != folded:
                yield Violation(3, f"{stream} is not the fold of its commits")
            due = aggregate.due(folded)
            if one.due != due:
                yield Violation(3, f"{stream} is due at {due}, stored is {one.due}")
            if due is not None and due < now - latest:
                yield Violation(3, f"{stream} was due at {due} and nothing happened by {now}")


def _steps(aggregate: Aggregate[Any], commits: Iterable[Commit]) -> Iterator[tuple[Commit, Any]]:
    """Every commit with the state after it."""
    classes = {event.__name__: event for event in aggregate.events}
    state = aggregate.initial
    for commit in commits:
        events = [
            msgspec.convert(recorded.data, classes[recorded.name])
            for recorded in commit.events
            if not issubclass(classes[recorded.name], Personal)
        ]
        state = aggregate.fold(state, events)
        yield commit, state


def _deadlines(record: _Record) -> Iterator[Violation]:
    """Only a duty that passes on moves a petition's deadline; no tick comes before its time."""
    for aggregate in record.evidence.aggregates:
        if record.service != "petitions" or aggregate.kind != "petition":
            continue
        for stream, commits in record.streams.items():
            if not stream.startswith(aggregate.stream("")):
                continue
            before = aggregate.initial
            for commit, after in _steps(aggregate, commits):
                may = commit.verb in ANSWERS_TO or (
                    commit.verb in ENDS_SUSPENSION and before.pause is not None
                )
                if after.answer_by != before.answer_by and not may:
                    yield Violation(
                        3,
                        f"{stream}/{commit.version}: {commit.verb} moved the deadline from "
                        f"{before.answer_by} to {after.answer_by}",
                    )
                before = after
    for cause, commits in record.by_cause.items():
        kind, *rest = cause.split(">")
        if kind == "due" and commits[0].verb == "tick":
            # The stream, the time, and a version where that very time came to be due anew.
            due = datetime.fromisoformat(rest[1]).astimezone(UTC)
            if commits[0].at < due:
                yield Violation(3, f"{record.service}: {cause} was acted on at {commits[0].at}")


# --- 4: nothing personal ---------------------------------------------------------------------


def _personal(
    services: Sequence[Evidence], planted: Sequence[str], lines: Iterable[str]
) -> Iterator[Violation]:
    if not planted:
        return
    for where, text in _texts(services, lines):
        for secret in planted:
            # Logs may write Chinese as escapes.
            if secret in text or dumps(secret)[1:-1] in text:
                yield Violation(4, f"{where} tells {secret!r}")


def _texts(services: Sequence[Evidence], lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    as_text: Callable[[Any], str] = lambda thing: msgspec.json.encode(thing).decode()
    for evidence in services:
        messages = "\n".join(m.value.decode(errors="replace") for m in evidence.messages)
        yield f"{evidence.service}'s topic", messages
        yield f"{evidence.service}'s commits", as_text(evidence.commits)
        yield f"{evidence.service}'s states", as_text(evidence.states)
    yield "a log line", "\n".join(lines)
