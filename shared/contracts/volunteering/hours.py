"""Hours served: the record of each, certificates, honours. Ids, codes and times."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class Work(StrEnum):
    """What hours were served in."""

    ACTIVITY = "activity"
    WISH = "wish"
    ORDER = "order"
    PATROL = "patrol"
    CARE = "care"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class HoursConfirmed(Event):
    """`volunteer` served `minutes` in a piece of work (`kind` and its id), begun at `begun`, at
    `place`; for `team` if for one. Never more than they were present. Once per work and volunteer.
    """

    work: str
    kind: Work
    volunteer: str
    place: str
    begun: datetime
    minutes: int
    confirmed_by: str | None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class HoursCorrected(Event):
    """What was confirmed was wrong: it is `minutes` now, `before` it was that many; 0 takes the
    hours back.
    """

    work: str
    kind: Work
    volunteer: str
    place: str
    begun: datetime
    before: int
    minutes: int
    corrected_by: str | None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateIssued(Event):
    """Hours of `volunteer` from `since` until (not including) `until` were certified: `minutes` in
    all. `digest` is the SHA-256, in hex, of the certificate's canonical form (RFC 8785). It stands
    for the certificate with the number `replaces`, where it names one.
    """

    certificate: str
    number: str
    volunteer: str
    since: datetime
    until: datetime
    minutes: int
    digest: str
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateWithdrawn(Event):
    """The certificate is worth nothing any more: `because` the hours were corrected
    (``hours-corrected``), or it was issued in error (``issued-in-error``).
    """

    certificate: str
    number: str
    volunteer: str
    digest: str
    because: str
