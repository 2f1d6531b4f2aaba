"""Who is in a dispute, as one of them reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.identity import Session


@dataclass(frozen=True, slots=True)
class Part:
    """A party: `name` is what it is called where the reader may know it, `own` whether they speak
    for it, `agreed` whether it takes part.
    """

    key: str
    side: str
    name: str
    own: bool
    consent: str
    people: tuple[str, ...]

    @property
    def agreed(self) -> bool:
        """Whether it takes part."""
        return self.consent == "agreed"


class Cast:
    """The parties of a dispute."""

    def __init__(self, dispute: Mapping[str, Any], session: Session) -> None:
        called: dict[str, str] = {}
        for entry in dispute.get("dossier", ()):
            if entry["name"] == "PartyContactGiven" and entry["data"].get("name"):
                called[entry["data"].get("party", "")] = entry["data"]["name"]
        self.parts: Sequence[Part] = [
            Part(
                one["party"],
                one["side"],
                called.get(one["party"], ""),
                _is_own(one, dispute, session),
                one["consent"],
                tuple(who for who in (one["person"], one["representative"]) if who),
            )
            for one in dispute["parties"]
        ]
        self._mediator = dispute.get("mediator")

    @property
    def own(self) -> Part | None:
        """The reader's."""
        return next((one for one in self.parts if one.own), None)

    def party(self, key: str | None) -> Part | None:
        """The one with that key."""
        return next((one for one in self.parts if one.key == key), None)

    def of(self, person: str | None) -> Part | None:
        """The one that somebody speaks for."""
        return next((one for one in self.parts if person in one.people), None)

    def mediates(self, person: str | None) -> bool:
        """Whether somebody mediates it."""
        return person is not None and person == self._mediator


def _is_own(party: Mapping[str, Any], dispute: Mapping[str, Any], session: Session) -> bool:
    """Who acts for an organisation that nobody speaks for may answer for it."""
    if dispute.get("own_party") is not None:
        return bool(party["party"] == dispute["own_party"])
    orphan = party["representative"] is None and party["organisation"] is not None
    return bool(orphan and party["organisation"] == session.org)
