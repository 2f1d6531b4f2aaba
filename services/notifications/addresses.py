"""Where people are reached: read from their dossiers when something is sent, kept nowhere else."""

from collections.abc import Mapping
from typing import Any

from services.notifications.domain.group_robot import PREFIX, group_robot
from services.notifications.domain.preferences.address_commands import MarkBad
from services.notifications.domain.preferences.preferences import preferences
from services.notifications.domain.preferences.state import Tongue
from services.notifications.domain.ways import Way
from services.notifications.saying import TO_THOSE_WHO_CHOSE_NONE, tongue_for
from shared.runtime.store import Store

ENTRIES: Mapping[Way, tuple[str, str]] = {
    Way.EMAIL: ("EmailGiven", "address"),
    Way.SMS: ("PhoneGiven", "number"),
    Way.PHONE: ("PhoneGiven", "number"),
    Way.PUSH: ("PushGiven", "endpoint"),
    Way.ROBOT: ("RobotGiven", "url"),
}
"""The personal event that gives an address of a way, and its field that is empty where the address
was taken back.
"""


def stream_of(recipient: str, way: Way) -> str:
    """Whose dossier has it: of a person their preferences', of a group its robot's."""
    return (group_robot if way is Way.ROBOT else preferences).stream(recipient)


class Addresses:
    """The addresses that the service knows."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def latest(self, recipient: str, way: Way) -> Mapping[str, Any] | None:
        """The fields of the event that gave the address in use; None where there is none (any
        more). Raises `shared.runtime.journal.Unavailable`.
        """
        name, field = ENTRIES[way]
        entries = await self._store.journal.dossier(stream_of(recipient, way))
        latest = next((entry.data for entry in reversed(entries) if entry.name == name), None)
        return latest if latest is not None and latest.get(field) else None

    async def mark_bad(self, recipient: str, way: Way) -> None:
        """Nobody is reached there: nothing more is sent there until the person gives another."""
        if not recipient.startswith(PREFIX):
            actor = f"service:{self._store.service}"
            await self._store.do(preferences, recipient, MarkBad(way), actor=actor)

    async def tongue(self, recipient: str) -> Tongue:
        """The language that a person, or a group, is told in."""
        if recipient.startswith(PREFIX):
            return TO_THOSE_WHO_CHOSE_NONE
        known = await self._store.get(preferences, recipient)
        return tongue_for(None if known is None else known.state)
