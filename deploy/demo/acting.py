"""Scenes that are played act by act: what is done, what must then be so, and who must be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from deploy.demo.callers import Callers, Refused
from deploy.demo.day import Day, Person
from deploy.demo.evidence import Doc, Published, Stores, wait_until
from deploy.demo.telling import Teller

SOON = 60.0
"""Seconds within which what follows from an act must have come about."""

COLLECTIONS = {"petitions": "petition", "whistles": "whistle", "residents": "resident"} | {
    "rotas": "rota",
    "posts": "post",
    "places": "place",
    "organisations": "organisation",
    "volunteers": "volunteer",
    "teams": "team",
    "orders": "order",
    "services": "service",
    "activities": "activity",
    "series": "series",
    "calendar-feeds": "calendar-feed",
    "projects": "project",
    "needs": "need",
    "patrol-routes": "patrol-route",
    "patrol-rotas": "patrol-rota",
    "patrol-shifts": "patrol-shift",
    "patrol-findings": "patrol-finding",
    "resources": "resource",
    "wishes": "wish",
    "care-plans": "care-plan",
    "certificates": "certificate",
    "accounts": "account",
    "rewards": "reward",
    "shops": "shop",
    "disputes": "dispute",
    "mediators": "mediator",
    "panels": "panel",
    "agreements": "agreement",
    "alarms": "alarm",
    "broadcasts": "broadcast",
    "messages": "message",
    "on-call": "on-call",
}
"""The kinds of streams by their collections."""
SERVICES = ("petitions", "community", "volunteering", "mediation", "ledger", "notifications")
"""Where people act."""


@dataclass(frozen=True, slots=True)
class Acted:
    """An act that was acknowledged as this version of a stream."""

    service: str
    stream: str
    version: int
    by: str
    verb: str


class Acting:
    """People who act, with what is claimed of the outcome.

    `claims` are the sentences told, with whether they held; `told` the messages that must have
    been posted, by (recipient's subject, kind, stream); `streams` those that were touched, by
    service. `people` are those of the day and all who acted besides, by subject.
    """

    def __init__(self, callers: Callers, stores: Stores, day: Day, teller: Teller) -> None:
        self.callers = callers
        self.stores = stores
        self.day = day
        self.run = uuid4().hex[:10]
        self.since = datetime.now(UTC)
        self.acted: list[Acted] = []
        self.claims: list[tuple[str, bool]] = []
        self.told: Counter[tuple[str, str, str]] = Counter()
        self.erased: list[Person] = []
        self.people = {person.sub: person for person in day.people.values()}
        self.scene = teller.heading
        self._teller = teller

    def who(self, name: str) -> Person:
        """Somebody of the day, by the name in the file."""
        return self.day.people[name]

    # --- doing -----------------------------------------------------------------------------------

    def does(
        self,
        who: Person,
        at: str,
        body: Mapping[str, Any],
        words: str,
        *,
        service: str = "petitions",
        verb: str | None = None,
        kind: str | None = None,
    ) -> dict[str, Any]:
        """Posts to ``/<collection>`` or ``/<collection>/<id>/<verb>``; `verb` is the command's
        where the path does not name it, `kind` that of the stream where the path begins with
        another. Raises Refused.
        """
        outcome = self.callers.post(service, at, who, body, self._key())
        collection, *rest = at.removeprefix("/").split("/")
        stream = f"{kind or COLLECTIONS[collection]}-{outcome['id']}"
        done = verb or (rest[-1] if rest else "file")
        self._done(Acted(service, stream, outcome["version"], who.sub, done), who)
        self._teller.happens(who.name, words, quoted(body))
        return outcome

    def sends(
        self,
        who: Person,
        at: str,
        content: bytes,
        media_type: str,
        words: str,
        *,
        service: str,
        kind: str,
        verb: str,
    ) -> dict[str, Any]:
        """Posts a file as it is, of which a stream of this `kind` is made. Raises Refused."""
        outcome = self.callers.upload(service, at, who, content, media_type, self._key())
        stream = f"{kind}-{outcome['id']}"
        self._done(Acted(service, stream, outcome["version"], who.sub, verb), who)
        self._teller.happens(who.name, words)
        return outcome

    def _key(self) -> str:
        return f"demo/{self.run}/{len(self.acted)}"

    def _done(self, acted: Acted, who: Person) -> None:
        self.acted.append(acted)
        self.people.setdefault(who.sub, who)

    def file(self, who: Person, words: str, /, **matter: Any) -> str:
        """Files a petition; its id."""
        body = {"kind": "request", "category": "other", **matter}
        return str(self.does(who, "/petitions", body, words)["id"])

    def refused(
        self,
        who: Person,
        at: str,
        body: Mapping[str, Any],
        code: str,
        words: str,
        *,
        service: str = "petitions",
    ) -> None:
        """Tries what the rules forbid; claims that it is refused with this code."""
        try:
            self.callers.post(service, at, who, body, f"demo/{self.run}/refused/{uuid4().hex}")
        except Refused as refusal:
            self.claim(f"{words}: {code}", refusal.code == code)
        else:
            self.claim(f"{words}: {code}", False)

    # --- what must be so -------------------------------------------------------------------------

    def claim(self, what: str, is_so: bool) -> None:
        """Tells it, and remembers whether it is true."""
        self.claims.append((what, is_so))
        self._teller.claimed(what, is_so)

    def shown(self, who: Person, petition: str) -> dict[str, Any]:
        """A petition as somebody sees it."""
        return self.callers.get("petitions", f"/petitions/{petition}", who)

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Waits for what follows by itself. Raises LocalError."""
        wait_until(is_so, SOON, what)

    def hears(self, petition: str, **kinds: str) -> None:
        """Notes who must be told of a petition: names of kinds by person, as in
        ``he="petition-received petition-taken duty-assigned*2"``.
        """
        self.hear(f"petition-{petition}", {self.who(who): said for who, said in kinds.items()})

    def hear(self, stream: str, kinds: Mapping[Person, str]) -> None:
        """The same for any stream."""
        for person, said in kinds.items():
            for kind in said.split():
                name, _, times = kind.partition("*")
                self.told[person.sub, name, stream] += int(times or 1)

    # --- afterwards ------------------------------------------------------------------------------

    def streams(self, service: str) -> list[str]:
        """The streams of a service that were touched."""
        return list(dict.fromkeys(one.stream for one in self.acted if one.service == service))

    def done_by(self, service: str) -> int:
        """How many acts a service acknowledged."""
        return sum(one.service == service for one in self.acted)

    def differences(
        self,
        commits: Mapping[str, Sequence[Doc]],
        messages: Iterable[Doc],
        names: Mapping[str, str],
    ) -> list[str]:
        """Claims that did not hold, acts that are no commits, messages that are not as noted.

        `commits` by stream; `messages` about these streams.
        """
        found = [f"not so: {what}" for what, is_so in self.claims if not is_so]
        for one in self.acted:
            kept = [doc for doc in commits.get(one.stream, ()) if doc["v"] == one.version]
            if [(doc["actor"], doc["verb"]) for doc in kept] != [(one.by, one.verb)]:
                found.append(
                    f"{one.stream}: {one.verb} of {one.by} was acknowledged as version "
                    f"{one.version}, the commits say otherwise"
                )
        fresh = {
            f"{service}/{doc['_id']}"
            for service in SERVICES
            for stream in self.streams(service)
            for doc in commits.get(stream, ())
            if doc["at"] >= self.since
        }
        told = Counter(
            (one["s"]["recipient"], one["s"]["kind"], one["s"]["about"])
            for one in messages
            if one["s"]["event"].rpartition("/")[0] in fresh
        )
        found += [
            f"{stream}: {names.get(who, who)} has {told[who, kind, stream]} messages {kind}, "
            f"expected {self.told[who, kind, stream]}"
            for who, kind, stream in sorted(told.keys() | self.told.keys())
            if told[who, kind, stream] != self.told[who, kind, stream]
        ]
        return found

    def names_nobody(self, events: Iterable[Published], persons: Iterable[Person]) -> bool:
        """Whether no public event names one of these persons."""
        subjects = [person.sub for person in persons]
        return not any(sub in str(event.data) for event in events for sub in subjects)


def quoted(body: Mapping[str, Any]) -> str:
    """The words of what is sent, for reading."""
    if "stars" in body:
        return f"{'★' * int(body['stars'])} {body.get('word', '')}"
    for name in ("text", "done", "reason", "question"):
        if body.get(name):
            return str(body[name])
    return str(body.get("title", ""))


def in_days(days: int) -> datetime:
    """A moment so many days from now."""
    return datetime.now(UTC) + timedelta(days=days)
