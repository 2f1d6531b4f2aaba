"""Certificate of hours (志愿服务证明): what somebody served in a period, in a form that is the same
byte for byte wherever it is written, so that its digest proves it.

Issued once, it never changes. Where hours in it are corrected it is withdrawn, and another one is
issued in its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar

from shared.contracts.event import Event, Personal
from shared.contracts.types import Id
from shared.contracts.volunteering.hours import CertificateIssued, CertificateWithdrawn, Work
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.worktime.hours import CHINA

TYPE = "cn.jinlin.volunteering.certificate-of-hours.v1"
"""What the canonical form says that it is."""
MOST_SERVICES = 1_000
"""Pieces of work in one certificate. Somebody who served more asks for shorter periods."""


class Status(StrEnum):
    """Whether a certificate is worth something."""

    NONE = "none"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Served:
    """One piece of work in a certificate, from its service record."""

    record: str
    work: str
    kind: Work
    place: str
    team: str | None
    begun: datetime
    minutes: int


@dataclass(frozen=True)
class Certificate:
    """`since` and `until` (not included) bound the period. `digest` is of the canonical form, which
    also has the volunteer's name: that is in the dossier, until they are `forgotten`.
    """

    certificate: str = ""
    status: Status = Status.NONE
    number: str = ""
    volunteer: str = ""
    since: datetime | None = None
    until: datetime | None = None
    issued_at: datetime | None = None
    minutes: int = 0
    services: tuple[Served, ...] = ()
    digest: str = ""
    replaces: str | None = None
    because: str | None = None
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Issuing:
    """The certificate's own id, a number that no other one has, and what writes a document as RFC
    8785 asks.
    """

    certificate: str
    number: str
    canonical: Callable[[Any], bytes]


@dataclass(frozen=True, slots=True)
class IssueCertificate(Command):
    """Certifies what `volunteer` served, as their records say, from `since` to before `until`;
    `name` is the one under which they are registered.
    """

    volunteer: str
    name: str | None
    since: datetime
    until: datetime
    services: tuple[Served, ...]
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawAsCorrected(Command):
    """Hours in it were corrected."""


@dataclass(frozen=True, slots=True)
class Withdraw(Command):
    """It was issued in error."""

    by: Id


@dataclass(frozen=True, slots=True)
class ForgetCertificate(Command):
    """The volunteer was erased."""


@dataclass(frozen=True, slots=True)
class ServicesCertified(Event):
    """What the certificate names, and when it was issued."""

    services: tuple[Served, ...]
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class CertificateForgotten(Event):
    """The name is gone, and with it the document. Who kept a copy can have it checked still."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class HolderNamed(Personal):
    """Under which name it was issued; None for who is registered without one."""

    name: str | None


def period(first: date, last: date) -> tuple[datetime, datetime]:
    """The bounds of a period of local days, both included."""
    begin = datetime.combine(first, time(), CHINA)
    end = datetime.combine(last, time(), CHINA) + timedelta(days=1)
    return begin.astimezone(UTC), end.astimezone(UTC)


def document(certificate: Certificate, name: str | None) -> dict[str, Any]:
    """What a certificate says, as plain values: texts, whole numbers and null."""
    assert certificate.since is not None, "it was issued"
    assert certificate.until is not None, "it was issued"
    assert certificate.issued_at is not None, "it was issued"
    last = certificate.until.astimezone(CHINA) - timedelta(days=1)
    return {
        "type": TYPE,
        "number": certificate.number,
        "volunteer": certificate.volunteer,
        "name": name,
        "from": certificate.since.astimezone(CHINA).date().isoformat(),
        "to": last.date().isoformat(),
        "issued_at": _moment(certificate.issued_at),
        "minutes": certificate.minutes,
        "services": [_served(one) for one in certificate.services],
        "replaces": certificate.replaces,
    }


def digest_of(certificate: Certificate, name: str | None, canonical: Callable[[Any], bytes]) -> str:
    """The SHA-256 of its canonical form, in hex."""
    return sha256(canonical(document(certificate, name))).hexdigest()


def decide(
    command: Command, certificate: Certificate, now: datetime, issuing: Issuing | None = None
) -> list[Event]:
    """What follows from a command; only `IssueCertificate` is told how to issue."""
    match certificate.status, command:
        case _, Tick():
            return []
        case Status.NONE, IssueCertificate() if issuing is not None:
            return issued(command, now, issuing)
        case Status.ISSUED, WithdrawAsCorrected():
            return [withdrawn(certificate, "hours-corrected")]
        case _, WithdrawAsCorrected():
            return []
        case Status.ISSUED | Status.WITHDRAWN, ForgetCertificate() if not certificate.forgotten:
            return [CertificateForgotten()]
        case _, ForgetCertificate():
            return []
        case Status.ISSUED, Withdraw():
            return [withdrawn(certificate, "issued-in-error")]
    raise Rejected("certificate-withdrawn", "this certificate was withdrawn already")


def issued(command: IssueCertificate, now: datetime, issuing: Issuing) -> list[Event]:
    """A certificate of a period that has begun, over what was served in it."""
    if command.until <= command.since or now < command.since:
        raise Rejected(
            "period-not-begun", "the period ends on or after its first day, and has begun"
        )
    if not command.services:
        raise Rejected("nothing-to-certify", "no confirmed hours lie in this period")
    if len(command.services) > MOST_SERVICES:
        raise Rejected(
            "too-many-services",
            f"more than {MOST_SERVICES} services lie in this period: choose a shorter one",
            most=MOST_SERVICES,
        )
    services = tuple(sorted(command.services, key=lambda one: (one.begun, one.record)))
    minutes = sum(one.minutes for one in services)
    drawn = Certificate(
        issuing.certificate,
        Status.ISSUED,
        issuing.number,
        command.volunteer,
        command.since,
        command.until,
        now,
        minutes,
        services,
        replaces=command.replaces,
    )
    return [
        CertificateIssued(
            issuing.certificate,
            issuing.number,
            command.volunteer,
            command.since,
            command.until,
            minutes,
            digest_of(drawn, command.name, issuing.canonical),
            command.replaces,
        ),
        ServicesCertified(services, now),
        HolderNamed(command.name),
    ]


def withdrawn(certificate: Certificate, because: str) -> CertificateWithdrawn:
    """It is worth nothing any more."""
    return CertificateWithdrawn(
        certificate.certificate,
        certificate.number,
        certificate.volunteer,
        certificate.digest,
        because,
    )


def is_true_still(certificate: Certificate, services: Mapping[str, int]) -> bool:
    """Whether the records, by id and minutes, still say what it says of them."""
    return all(services.get(one.record) == one.minutes for one in certificate.services)


def evolve(certificate: Certificate, event: Event) -> Certificate:
    """The certificate after an event."""
    match event:
        case CertificateIssued() as e:
            return Certificate(
                e.certificate,
                Status.ISSUED,
                e.number,
                e.volunteer,
                e.since,
                e.until,
                minutes=e.minutes,
                digest=e.digest,
                replaces=e.replaces,
            )
        case ServicesCertified(services=services, issued_at=issued_at):
            return replace(certificate, services=services, issued_at=issued_at)
        case CertificateForgotten():
            return replace(certificate, forgotten=True)
        case CertificateWithdrawn(because=because):
            return replace(certificate, status=Status.WITHDRAWN, because=because)
    return certificate


def open_verbs(certificate: Certificate) -> tuple[str, ...]:
    """The verbs that this certificate knows now."""
    return ("withdraw",) if certificate.status is Status.ISSUED else ()


def _served(one: Served) -> dict[str, Any]:
    return {
        "work": one.work,
        "kind": one.kind.value,
        "place": one.place,
        "team": one.team,
        "begun": _moment(one.begun),
        "minutes": one.minutes,
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


certificate = Aggregate(
    kind="certificate",
    initial=Certificate(),
    decide=decide,
    evolve=evolve,
    events=(
        CertificateIssued,
        ServicesCertified,
        HolderNamed,
        CertificateWithdrawn,
        CertificateForgotten,
    ),
)
