"""Who answers for what a team patrols: its leaders, and whoever drew it up. When the team is led by
others, the duty passes on.
"""

from dataclasses import dataclass
from typing import Protocol

from shared.contracts.event import Event
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class PassOn(Command):
    """These lead the team, or teams, now; `former` do not any more: who was captain, or all who led
    a team that is no more.
    """

    leaders: tuple[str, ...]
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisersPassed(Event):
    """These answer for it from now on; `keeper` is who drew it up, while they answer for it."""

    organisers: tuple[str, ...]
    keeper: str | None


class Kept(Protocol):
    """What somebody answers for."""

    @property
    def organisers(self) -> tuple[str, ...]: ...
    @property
    def keeper(self) -> str | None: ...


def together(*people: str | None) -> tuple[str, ...]:
    """Each of them once, nobody left out."""
    return tuple(dict.fromkeys(one for one in people if one is not None))


def passed_on(kept: Kept, command: PassOn) -> list[Event]:
    """The leaders of now answer for it. A captain who leaves leaves what they drew up, too."""
    keeper = kept.keeper
    if keeper in command.former and keeper not in command.leaders:
        keeper = None
    organisers = together(*command.leaders, keeper)
    if (organisers, keeper) == (kept.organisers, kept.keeper):
        return []
    return [OrganisersPassed(organisers, keeper)]


def without(kept: Kept, person: str) -> list[Event]:
    """Somebody was erased: they answer for nothing any more."""
    if person not in (*kept.organisers, kept.keeper):
        return []
    keeper = None if kept.keeper == person else kept.keeper
    return [OrganisersPassed(tuple(one for one in kept.organisers if one != person), keeper)]
