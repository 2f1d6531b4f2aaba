"""An aggregate's HTTP interface, as a table: which verb is which command, who may, who may know.

The table is what the API enforces, what `can` in an answer tells, and what the access matrix is
made from.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies
from shared.runtime.door import Door
from shared.runtime.files import Files
from shared.runtime.identity import Caller
from shared.runtime.journal import DossierEntry
from shared.runtime.letters import Letterbox
from shared.runtime.policies import Policy, anyone
from shared.runtime.store import Store


@dataclass(frozen=True, slots=True)
class Create:
    """``POST /<collection>``. `id` takes the id from the command; else it is fresh."""

    command: type[Command]
    may: Policy
    id: Callable[[Any], str] | None = None


LookAt = Callable[[Store, Caller, Any], Awaitable[None]]
"""Looks, before a command is carried out, at what else it names: raises `Problem` where the caller
may not know of that."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that its caller may make, and the thing that it is made of, as it is now.

    `cause` and `fingerprint` are those of its Idempotency-Key, the latter None where the body has
    not been read. `repeated` says that the key was answered before: then nothing is asked of the
    thing any more, for what was done may have ended the right to do it.
    """

    request: Request
    door: Door
    caller: Caller
    id: str
    state: Any
    version: int
    cause: str | None
    fingerprint: str | None
    repeated: bool = False

    @property
    def store(self) -> Store:
        """The service's."""
        return self.door.running.store

    @property
    def copies(self) -> Copies:
        """What the process keeps in memory."""
        return self.door.running.copies


Becomes = Callable[[Sent, Any], Awaitable[Command]]
"""Makes of what was asked the command that is decided on, where that takes more than the request:
what stands in the dossier, or a code that has to fit. It is decided on the very version it was made
from; where that is overtaken, it is made anew. Raises what forbids it."""

Answers = Callable[[Sent, Any], Awaitable[Response]]
"""Makes what begins beneath a thing, and the answer. It is given the command of the body, where
`Beneath.command` names one; else None, and the body is there to be read."""


Tells = Callable[[Any, Caller], Mapping[str, Any]]
"""What a command's answer tells its sender, from the state that it led to."""


@dataclass(frozen=True, slots=True)
class Verb:
    """``POST /<collection>/{id}/<verb>``.

    `see` is who may know of the thing as far as this verb goes, where that is more than the table's
    own `see`: a neighbour supports a petition whose story is not theirs to read. `look_at` looks at
    other things that the command names. With `begins` it may be the first that happens to a thing:
    one that is there from the start, as in a shipped list. `tells` adds to the answer what became
    of it, beside id and version: who signs up hears whether there was a place left. `becomes` makes
    of the command another one, which is decided on: of a code that is typed back, a signature.
    """

    command: type[Command]
    may: Policy
    see: Policy | None = None
    look_at: LookAt | None = None
    begins: bool = False
    tells: Tells | None = None
    becomes: Becomes | None = None


@dataclass(frozen=True, slots=True)
class Beneath:
    """``POST /<collection>/{id}/<name>``: something else begins beneath the thing, such as evidence
    in a dispute. The service makes it itself; whether the caller may, and If-Match, are looked at
    before, on the thing.

    `see` is as for a verb. `command` is what the body says; None where it is no JSON: `operation`
    tells then in the OpenAPI document of body and parameters.
    """

    answers: Answers
    may: Policy
    see: Policy | None = None
    command: type[Command] | None = None
    operation: Mapping[str, Any] = field(default_factory=dict)


ShownEntry = Callable[[str, Mapping[str, Any], Any, Caller], Mapping[str, Any] | None]
"""Makes, from an entry's name and data and the thing's state, what a caller is shown of the data:
``138****5678`` for a number, say. None: the entry is left out."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """The personal part in ``GET /<collection>/{id}``: who may see it, and which of its entries
    (class names of the personal events; all where none are named). Every reading is recorded, but
    for that by `subject`: the field of the state with the person it is about. `shown` makes what a
    caller is shown of an entry."""

    see: Policy
    names: tuple[str, ...] = ()
    subject: str | None = None
    shown: ShownEntry | None = None


LiesIn = Callable[[Copies, Any, Any], Sequence[str]]
"""The codes of the places in which a thing lies, the district first, from its state; before it
exists (the state is None) from the command that wants to create it. With both, where what is asked
of the thing lies: to move something is asked of two places."""

Veil = Callable[[Any, Caller], Collection[str]]
"""The subjects that are kept from a caller in all that is shown of a thing in this state."""

Open = Callable[[Any, Caller], Iterable[str] | None]
"""The verbs that the domain takes from a caller in a state; None where it takes all."""


def every_verb(_state: Any, _caller: Caller) -> None:
    """For `AggregateApi.open`: the state does not say which verbs are open, so all are offered."""


def all_fields(state: Any, _caller: Caller) -> Mapping[str, Any]:
    """For `AggregateApi.shown`: all fields of the state."""
    return {name: getattr(state, name) for name in type(state).__dataclass_fields__}


def nobody_concealed(_state: Any, _caller: Caller) -> Collection[str]:
    """For `AggregateApi.veil`: who may see the thing may know who had to do with it."""
    return ()


@dataclass(frozen=True, slots=True)
class AggregateApi:
    """The table of one aggregate. See `aggregate_api`."""

    aggregate: Aggregate[Any]
    collection: str
    tag: str
    create: Create | None = None
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    beneath: Mapping[str, Beneath] = field(default_factory=dict)
    open: Open = every_verb
    see: Policy = anyone
    shown: Callable[[Any, Caller], Mapping[str, Any]] = all_fields
    dossier: Dossier | None = None
    lies_in: LiesIn | None = None
    veil: Veil = nobody_concealed
    history: Policy | None = None

    def path(self, copies: Copies, state: Any, command: Any = None) -> Sequence[str]:
        """Where the thing lies, for its policies; empty where the table does not say it."""
        return () if self.lies_in is None else self.lies_in(copies, state, command)

    @property
    def see_history(self) -> Policy:
        """Who may read the timeline."""
        return self.see if self.history is None else self.history


def aggregate_api(
    aggregate: Aggregate[Any],
    *,
    collection: str,
    tag: str,
    create: Create | None = None,
    verbs: Mapping[str, Verb] | None = None,
    beneath: Mapping[str, Beneath] | None = None,
    open: Open = every_verb,
    see: Policy = anyone,
    shown: Callable[[Any, Caller], Mapping[str, Any]] = all_fields,
    dossier: Dossier | None = None,
    lies_in: LiesIn | None = None,
    veil: Veil = nobody_concealed,
    history: Policy | None = None,
) -> AggregateApi:
    """``POST /<collection>``, ``POST /<collection>/{id}/<verb>``, ``GET /<collection>/{id}`` and
    its ``/timeline``.

    `beneath` is what begins beneath a thing, by the name in its path. `open` names the verbs, and
    of these, that the domain takes from a caller in a state; `can` in an answer are those of them
    whose `may` allows the caller. To whom `see` does not allow it, the thing does not
    exist (404). `shown` is what a caller is shown. `lies_in` says in which places a thing lies that
    does not know it itself. `veil` names the subjects that are kept from a caller: null stands for
    them in the thing, its dossier and its timeline (`shared.runtime.veil`). Queries of the service
    have to do the same by themselves. `history` is who may read the timeline, where that is fewer
    than `see`: it names everybody who ever had to do with the thing.
    """
    return AggregateApi(
        aggregate,
        collection,
        tag,
        create,
        verbs or {},
        beneath or {},
        open,
        see,
        shown,
        dossier,
        lies_in,
        veil,
        history,
    )


def rows_of(api: AggregateApi) -> dict[str, Verb | Beneath]:
    """All that can be done with a thing, and begun beneath it, by the name in its path."""
    return {**api.verbs, **api.beneath}


# --- for queries: ``async def duty(caller: CurrentCaller, copies: CurrentCopies) -> ...``
# -------------------------


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


async def _caller(request: Request) -> Caller:
    return await _door(request).caller(request)


async def _store(request: Request) -> Store:
    return _door(request).running.store


async def _copies(request: Request) -> Copies:
    return _door(request).running.copies


async def _clock(request: Request) -> Clock:
    return _door(request).running.clock


async def _files(request: Request) -> Files:
    return _door(request).running.store.journal.files


async def _letters(request: Request) -> Letterbox:
    return _door(request).running.letters


CurrentCaller = Annotated[Caller, Depends(_caller)]
CurrentStore = Annotated[Store, Depends(_store)]
CurrentCopies = Annotated[Copies, Depends(_copies)]
CurrentClock = Annotated[Clock, Depends(_clock)]
CurrentFiles = Annotated[Files, Depends(_files)]
CurrentLetters = Annotated[Letterbox, Depends(_letters)]


async def show_dossier(
    store: Store, caller: Caller, stream: str, purpose: str
) -> list[DossierEntry]:
    """A stream's personal entries, for a caller who may see them. They are given out after the
    reading is recorded.
    """
    entries = await store.journal.dossier(stream)
    await store.journal.record_reading(caller.sub, [stream], purpose, store.clock.now())
    return entries
