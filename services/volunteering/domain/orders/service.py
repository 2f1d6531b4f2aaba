"""Service (服务项目): what can be ordered, as an administrator has changed it.

The shipped catalogue is a file. What is changed here counts from a moment on; orders that run keep
what they were placed with. A revision replaces the one before it whole: what it leaves open is as
shipped, or as the service was defined.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from services.volunteering.domain.orders.service_commands import (
    CallOffChange,
    DefineService,
    Listing,
    RetireService,
    ReviseService,
    Settings,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.orders import (
    ServiceChangeCalledOff,
    ServiceDefined,
    ServiceRetired,
    ServiceRevised,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected

MOST_AHEAD = 20
"""Changes that wait for their moment."""
MOST_KEPT = 50
"""Revisions that a state remembers; the timeline has all."""


@dataclass(frozen=True, slots=True)
class ServiceTermsSet(Event):
    """The revision with this number says on what conditions the service is done."""

    number: int
    terms_zh: str | None
    terms_en: str | None


@dataclass(frozen=True, slots=True)
class Revision:
    """What holds from `since` on."""

    number: int
    since: datetime
    settings: Settings


@dataclass(frozen=True, slots=True)
class Retirement:
    """It is not ordered any more from `since` on."""

    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """What was changed of a service. `defined` is the revision it began with, None of one that was
    shipped. Changes are numbered from 1; `revisions` stand by their moment.
    """

    code: str = ""
    defined: Revision | None = None
    changes: int = 0
    revisions: tuple[Revision, ...] = ()
    retirement: Retirement | None = None


def in_force(service: Offered, now: datetime) -> Revision | None:
    """The revision that holds now."""
    return next((one for one in reversed(service.revisions) if one.since <= now), None)


def open_verbs(_service: Offered) -> tuple[str, ...]:
    """The verbs of a service that was changed before."""
    return ("revise", "call-off", "retire")


# --- rules --------------------------------------------------------------------------------------


def decide(command: Command, service: Offered, now: datetime, facts: Listing) -> list[Event]:
    """What follows from the command. Raises `Rejected`."""
    match command:
        case DefineService():
            if service.defined is not None or facts.shipped:
                raise Rejected(
                    "service-exists", f"there is a service {facts.code}", service=facts.code
                )
            _must_be_trainings(command, facts)
            number, since = service.changes + 1, _since(command.since, service, now)
            told = {**_told(command), "trainings": command.trainings or ()}
            return [ServiceDefined(facts.code, number, since, **told), *_terms(number, command)]
        case ReviseService():
            _must_go_on(service, facts)
            _must_be_trainings(command, facts)
            number, since = service.changes + 1, _since(command.since, service, now)
            told = _told(command)
            return [ServiceRevised(facts.code, number, since, **told), *_terms(number, command)]
        case RetireService():
            _must_go_on(service, facts)
            since = _since(command.since, service, now)
            return [ServiceRetired(facts.code, service.changes + 1, since)]
        case CallOffChange(number=number):
            ended = service.retirement
            ahead = [*service.revisions, *(() if ended is None else (ended,))]
            if not any(change.number == number and change.since > now for change in ahead):
                raise Rejected("no-change-ahead", f"no change {number} lies ahead", number=number)
            return [ServiceChangeCalledOff(service.code, number)]
    return []


def evolve(service: Offered, event: Event) -> Offered:
    """The service after the event."""
    match event:
        case ServiceDefined():
            revision = Revision(event.number, event.since, _settings(event))
            return Offered(event.service, revision, event.number, (revision,))
        case ServiceRevised():
            revision = Revision(event.number, event.since, _settings(event))
            by_moment = sorted((*service.revisions, revision), key=lambda one: one.since)
            return replace(
                service,
                code=event.service,
                changes=event.number,
                revisions=tuple(by_moment)[-MOST_KEPT:],
            )
        case ServiceTermsSet(number=number, terms_zh=zh, terms_en=en):

            def with_terms(one: Revision) -> Revision:
                if one.number != number:
                    return one
                return replace(one, settings=replace(one.settings, terms_zh=zh, terms_en=en))

            defined = service.defined
            return replace(
                service,
                defined=None if defined is None else with_terms(defined),
                revisions=tuple(with_terms(one) for one in service.revisions),
            )
        case ServiceRetired():
            return replace(
                service,
                code=event.service,
                changes=event.number,
                retirement=Retirement(event.number, event.since),
            )
        case ServiceChangeCalledOff(number=number):
            first, ended = service.defined, service.retirement
            return replace(
                service,
                defined=None if first is None or first.number == number else first,
                revisions=tuple(one for one in service.revisions if one.number != number),
                retirement=None if ended is None or ended.number == number else ended,
            )
    return service


def _must_go_on(service: Offered, facts: Listing) -> None:
    """Raises `Rejected` unless it is there (or soon will be), and does not end."""
    if facts.known is None and service.defined is None:
        raise Rejected("unknown-service", f"there is no service {facts.code}", service=facts.code)
    if service.retirement is not None:
        raise Rejected("service-ends", "it has ended, or soon will; call that off first")


def _must_be_trainings(command: DefineService | ReviseService, facts: Listing) -> None:
    for training in command.trainings or ():
        if training not in facts.trainings:
            raise Rejected(
                "unknown-training", f"there is no training {training}", training=training
            )


def _since(asked: datetime | None, service: Offered, now: datetime) -> datetime:
    """When the change counts: now, or later. What lies ahead is bounded, and at one moment one."""
    if asked is not None and asked.tzinfo is None:
        raise Rejected("without-zone", "say times with an offset (RFC 3339)")
    since = now if asked is None else asked.astimezone(UTC)
    since = since.replace(microsecond=since.microsecond // 1000 * 1000)
    if asked is not None and asked < now:
        raise Rejected("change-past", "a change counts from now or later")
    if service.defined is not None and since < service.defined.since:
        raise Rejected("before-it-begins", "the service begins later than that")
    if any(revision.since == since for revision in service.revisions):
        raise Rejected("change-there", "another change counts from that moment; call it off")
    if sum(revision.since > now for revision in service.revisions) >= MOST_AHEAD:
        raise Rejected("too-many-changes", f"at most {MOST_AHEAD} changes wait", most=MOST_AHEAD)
    return since


_TOLD = ("zh", "en", "minutes", "skill", "trainings", "least_age")
"""What everybody is told; the terms are an event of their own."""


def _told(given: Any) -> dict[str, Any]:
    return {field: getattr(given, field) for field in _TOLD}


def _settings(event: ServiceDefined | ServiceRevised) -> Settings:
    return Settings(**_told(event))


def _terms(number: int, given: DefineService | ReviseService) -> list[Event]:
    if given.terms_zh is None and given.terms_en is None:
        return []
    return [ServiceTermsSet(number, given.terms_zh, given.terms_en)]


service = Aggregate(
    kind="service",
    initial=Offered(),
    decide=decide,
    evolve=evolve,
    events=(
        ServiceDefined,
        ServiceRevised,
        ServiceTermsSet,
        ServiceRetired,
        ServiceChangeCalledOff,
    ),
)
