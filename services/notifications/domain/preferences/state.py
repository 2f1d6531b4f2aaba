"""What is known of how a person wants to be told.

The addresses themselves are personal and lie in the dossier; the state says only which there are,
and whether they are good.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.notifications.domain.kinds import Topic
from services.notifications.domain.ways import Way


class Tongue(StrEnum):
    """The languages that messages are written in, as BCP 47 has them."""

    HANS = "zh-Hans"
    HANT = "zh-Hant"
    ENGLISH = "en"


class Every(StrEnum):
    """How often somebody gets a digest."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


class GivenBy(StrEnum):
    """Who gave an address: the person, or the data of another system."""

    PERSON = "person"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """In minutes of the city's day; over midnight where the end is the smaller; none where both are
    the same.
    """

    begin: int = 22 * 60
    end: int = 7 * 60


@dataclass(frozen=True, slots=True)
class Digest:
    """At a `minute` of the city's day; `weekday` 0 is Monday. The last one told up to `since`."""

    every: Every = Every.NONE
    minute: int = 18 * 60
    weekday: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """What is known of the address of one way. A code that confirms it is the `turn`-th, good until
    `code_until`; `in_vain` were sent since one was given back. Of one that the person took back
    (`removed`) only that is kept.
    """

    given_by: GivenBy
    confirmed: bool = False
    bad: bool = False
    removed: bool = False
    turn: int = 0
    code_until: datetime | None = None
    in_vain: int = 0


@dataclass(frozen=True, slots=True)
class Consent:
    """That a person agreed to be written to by a way: when, to which version of the wording, and
    who recorded it (the person, or whoever imported it).
    """

    wording: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """Of one person; without a `person` nothing has been said yet.

    `ways` are those chosen for a topic: where a topic is not named, all that its kinds know.
    `stopped` are ways that the person wants nothing by. `muted` are streams, the oldest first.
    """

    person: str = ""
    language: Tongue | None = None
    ways: dict[Topic, tuple[Way, ...]] = field(default_factory=dict)
    stopped: tuple[Way, ...] = ()
    quiet: QuietHours = QuietHours()
    digest: Digest = Digest()
    muted: tuple[str, ...] = ()
    addresses: dict[Way, Address] = field(default_factory=dict)
    consents: dict[Way, Consent] = field(default_factory=dict)

    def reached_by(self, way: Way) -> bool:
        """Whether there is a good address for a way: whoever can be called has a number."""
        known = self.addresses.get(Way.SMS if way is Way.PHONE else way)
        return known is not None and known.confirmed and not known.bad and not known.removed

    def wanted(self, topic: Topic, ways: Sequence[Way]) -> tuple[Way, ...]:
        """Which of the ways the person wants for a topic, in the order given."""
        chosen = self.ways.get(topic)
        return tuple(
            way for way in ways if way not in self.stopped and (chosen is None or way in chosen)
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a decision is told of the world: whether the person was erased (`closed`); of a code
    that they gave, whether it is the one that was sent, or for how many minutes none is looked at.
    """

    closed: bool = False
    fits: bool = False
    locked_for: int = 0
