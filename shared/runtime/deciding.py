"""Deciding a batch: what each command leads to, on the states read, in the order they came.

Nothing here waits or writes. What was decided counts only when all of the batch's changes have been
written, so answers are kept until then: a rejection, too, may rest on events of its own batch.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec
from opentelemetry.trace import SpanContext

from shared.contracts.envelope import MAX_BYTES
from shared.contracts.event import Event, Personal
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.runtime.clock import Clock
from shared.runtime.journal import Change, Commit, DossierEntry, Recorded, Stored
from shared.runtime.outcome import CauseReused, Outcome, StuckTick, VersionMismatch

Permit = Callable[[Any, int], None]
"""Looks at the state and version a command meets; raises where its sender may not do it."""

S = TypeVar("S")


class Beside(Protocol):
    """The states of other things of the service that a command looks at."""

    def __call__(self, aggregate: Aggregate[S], id: str) -> S | None:
        """The state, None where nothing has happened yet. Raises KeyError for what the command did
        not ask to look at.
        """
        ...


@dataclass(frozen=True, slots=True)
class Looking:
    """Facts that rest on other things of the service, too many to be kept in memory: on the
    volunteer who signs up, say.

    `at` names them, from the id and the command. They are read with the batch, one read per kind,
    and seen as the batch has changed them so far. What another process changes meanwhile is not
    seen: what must never be broken belongs into one stream's own state.
    """

    at: Callable[[str, Command], Iterable[tuple[Aggregate[Any], str]]]
    facts: Callable[[str, Command, Any, datetime, Beside], Any]


Facts = Callable[[str, Command, Any, datetime], Any] | Looking
"""Makes, from an id, a command, the state it meets and the time it is decided at, the facts that
`decide` takes as fourth argument."""


@dataclass(slots=True, eq=False)
class Pending:
    """A command on its way, and the future its sender waits for. `batch` is the span of the batch
    that it is carried out in, where that is recorded.
    """

    aggregate: Aggregate[Any]
    id: str
    command: Command
    actor: str
    outcome: asyncio.Future[Outcome]
    cause: str | None = None
    fingerprint: str | None = None
    correlation: str | None = None
    causation: str | None = None
    trace: str | None = None
    expected: Collection[int] | None = None
    permit: Permit | None = None
    fresh: bool = False
    is_reaction: bool = False
    refused: bool = False
    conflicts: int = 0
    joined: tuple[str, ...] = ()
    batch: SpanContext | None = None
    stream: str = ""

    def __post_init__(self) -> None:
        self.stream = self.aggregate.stream(self.id)


@dataclass(slots=True)
class Batch:
    """What a batch has decided so far: the running states, the changes to write, the answers to
    give after it.
    """

    known: dict[str, Stored]
    causes: dict[str, Commit]
    asked: Collection[str] = ()
    """The streams that were read, whether there is anything in them or not."""
    running: dict[str, tuple[Any, int, datetime | None]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    answers: list[tuple[Pending, Outcome | Exception]] = field(default_factory=list)


class Decider:
    """Decides for one service, with its facts and its clock."""

    def __init__(self, service: str, clock: Clock, facts: Mapping[str, Facts]) -> None:
        self._service = service
        self._clock = clock
        self._facts = facts

    def looks_at(self, one: Pending) -> Iterable[tuple[Aggregate[Any], str]]:
        """What else has to be read before the command is decided."""
        facts = self._facts.get(one.aggregate.kind)
        return facts.at(one.id, one.command) if isinstance(facts, Looking) else ()

    def decide_all(self, waiting: Sequence[Pending], batch: Batch) -> None:
        """Decides commands in the order they came; those that may be decided as one, where the
        first of them stands.
        """
        bundles: dict[str, list[Pending]] = {}
        order: list[list[Pending]] = []
        for one in waiting:
            if not may_be_joined(one) or one.cause in batch.causes:
                order.append([one])
            elif one.stream in bundles:
                bundles[one.stream].append(one)
            else:
                order.append(bundles.setdefault(one.stream, [one]))
        for bundle in order:
            self._decide_bundle(bundle, batch)

    def _decide_bundle(self, bundle: list[Pending], batch: Batch) -> None:
        """As one; where that leads to nothing (it may be too much for one step), in halves, until
        each is told why by itself.
        """
        if len(bundle) == 1:
            self.decide(bundle[0], batch)
        elif not self._decide_as_one(bundle, batch):
            middle = len(bundle) // 2
            self._decide_bundle(bundle[:middle], batch)
            self._decide_bundle(bundle[middle:], batch)

    def _decide_as_one(self, bundle: list[Pending], batch: Batch) -> bool:
        """Whether that led to something."""
        first = bundle[0]
        assert first.aggregate.together is not None, "they may be joined"
        whole = replace(
            first,
            command=first.aggregate.together.join([one.command for one in bundle]),
            joined=tuple(one.cause for one in bundle[1:] if one.cause is not None),
        )
        state, version, last = self._state(whole, batch)
        now = self._now(last)
        try:
            events = self._events(whole, state, now, batch)
            new = whole.aggregate.fold(state, events)
            change = self._change(whole, new, version + 1, now, events, batch)
        except Exception:
            return False
        if not events:
            return False
        batch.running[whole.stream] = (new, version + 1, now)
        batch.changes.append(change)
        outcome = Outcome(whole.stream, whole.id, version + 1, now, state=new)
        batch.answers += [(one, outcome) for one in bundle]
        return True

    def _now(self, last: datetime | None) -> datetime:
        # A host's clock may jump back; a stream's own time never does.
        return self._clock.now() if last is None else max(self._clock.now(), last)

    def decide(self, one: Pending, batch: Batch) -> None:
        """Decides one command on top of what the batch has decided before it."""
        first = batch.causes.get(one.cause) if one.cause is not None else None
        if first is not None:
            batch.answers.append((one, first_outcome(one, first)))
            return
        state, version, last = self._state(one, batch)
        now = self._now(last)
        if (refusal := _refusal(one, state, version)) is not None:
            one.refused = True
            batch.answers.append((one, refusal))
            return
        try:
            events = self._events(one, state, now, batch)
            if events:
                new = one.aggregate.fold(state, events)
                change = self._change(one, new, version + 1, now, events, batch)
        except Rejected as rejected:
            if one.is_reaction:
                self._mark(one, version, now, batch)
            else:
                batch.answers.append((one, rejected))
            return
        except Exception as error:  # a defect in the domain harms its own command only
            batch.answers.append((one, error))
            return
        if not events:
            if isinstance(one.command, Tick) and _still_due(one, state, now):
                batch.answers.append((one, StuckTick(one.stream)))
            elif one.is_reaction:
                self._mark(one, version, now, batch)
            else:
                outcome = Outcome(one.stream, one.id, version, now, state=state)
                batch.answers.append((one, outcome))
            return
        batch.running[one.stream] = (new, version + 1, now)
        batch.changes.append(change)
        outcome = Outcome(one.stream, one.id, version + 1, now, state=new)
        batch.answers.append((one, outcome))

    def _state(self, one: Pending, batch: Batch) -> tuple[Any, int, datetime | None]:
        if (running := batch.running.get(one.stream)) is not None:
            return running
        if (stored := batch.known.get(one.stream)) is not None:
            return state_of(one.aggregate, stored), stored.version, stored.at
        return one.aggregate.initial, 0, None

    def _events(self, one: Pending, state: Any, now: datetime, batch: Batch) -> list[Event]:
        facts = self._facts.get(one.aggregate.kind)
        if facts is None:
            return one.aggregate.decide(one.command, state, now)
        if isinstance(facts, Looking):
            known = facts.facts(one.id, one.command, state, now, _beside(batch))
        else:
            known = facts(one.id, one.command, state, now)
        return one.aggregate.decide(one.command, state, now, known)

    def _change(
        self,
        one: Pending,
        state: Any,
        version: int,
        now: datetime,
        events: list[Event],
        batch: Batch,
    ) -> Change:
        recorded: list[Recorded] = []
        dossier: list[DossierEntry] = []
        forgets = False
        for n, event in enumerate(events):
            name = type(event).__name__
            if event.forgets:
                forgets = True
                dossier.clear()
            data: dict[str, Any] = msgspec.to_builtins(event)
            if isinstance(event, Personal):
                recorded.append(Recorded(name, None))
                dossier.append(DossierEntry(one.stream, version, n, name, now, data))
            else:
                recorded.append(Recorded(name, data))
        if len(msgspec.json.encode(recorded)) > MAX_BYTES:
            raise Rejected("too-large", "this is more than one step can hold; make it shorter")
        commit = self._commit(one, version, now, tuple(recorded))
        fields: dict[str, Any] = msgspec.to_builtins(state, builtin_types=(datetime,))
        former = batch.known.get(one.stream)
        if former is not None and not former.state.keys() <= fields.keys():
            # A later release works beside this one, and knows what this one does not.
            fields = {**former.state, **fields}
        return Change(
            one.aggregate.kind,
            commit,
            Stored(one.id, version, now, fields, one.aggregate.due(state)),
            tuple(dossier),
            forgets,
            former,
        )

    def _mark(self, one: Pending, version: int, now: datetime, batch: Batch) -> None:
        """Keeps that the cause was seen and led to nothing."""
        batch.changes.append(Change(one.aggregate.kind, self._commit(one, 0, now, ()), None))
        batch.answers.append((one, Outcome(one.stream, one.id, version, now)))

    def _commit(
        self, one: Pending, version: int, now: datetime, events: tuple[Recorded, ...]
    ) -> Commit:
        return Commit(
            stream=one.stream,
            version=version,
            at=now,
            actor=one.actor,
            verb=one.command.verb,
            events=events,
            correlation=one.correlation or f"{self._service}/{one.stream}/{version}",
            cause=one.cause,
            fingerprint=one.fingerprint,
            causation=one.causation,
            trace=one.trace,
            joined=one.joined,
        )


def may_be_joined(one: Pending) -> bool:
    """Whether the command may be decided as one with others of its stream."""
    together = one.aggregate.together
    return together is not None and one.is_reaction and isinstance(one.command, together.command)


def _beside(batch: Batch) -> Beside:
    """What a command of the batch sees of other things."""

    def beside(aggregate: Aggregate[S], id: str) -> S | None:
        stream = aggregate.stream(id)
        if (running := batch.running.get(stream)) is not None:
            changed: S = running[0]
            return changed
        if (stored := batch.known.get(stream)) is not None:
            read: S = state_of(aggregate, stored)
            return read
        if stream not in batch.asked:
            raise KeyError(f"the command did not ask to look at {stream}")
        return None

    return beside


def state_of(aggregate: Aggregate[Any], stored: Stored) -> Any:
    """A stored state as the aggregate's own type."""
    return msgspec.convert(stored.state, type(aggregate.initial))


def _refusal(one: Pending, state: Any, version: int) -> Exception | None:
    """Why the sender may not do it to this state, or not to this version."""
    try:
        if one.permit is not None:
            one.permit(state, version)
    except Exception as refusal:
        return refusal
    if one.expected is not None and version not in one.expected:
        return VersionMismatch(version)
    return None


def _still_due(one: Pending, state: Any, now: datetime) -> bool:
    due = one.aggregate.due(state)
    return due is not None and due <= now


def first_outcome(one: Pending, first: Commit) -> Outcome | Exception:
    """What a repeated cause is told: the outcome it had, unless it is another request."""
    if one.fingerprint != first.fingerprint:
        return CauseReused()
    id = first.stream.removeprefix(f"{one.aggregate.kind}-")
    return Outcome(first.stream, id, first.version, first.at, repeated=True)


def echo(one: Pending, lead: Pending, answer: Outcome | Exception) -> Outcome | Exception:
    """The answer to a command whose cause came twice in one batch: the first one's."""
    if one.fingerprint != lead.fingerprint:
        return CauseReused()
    return replace(answer, repeated=True) if isinstance(answer, Outcome) else answer
