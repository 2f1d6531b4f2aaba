"""People who stop clocks, call departments together and whistle."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from services.petitions.domain.consultation_commands import (
    AcceptPart,
    Consult,
    DeliverPart,
    HandOver,
    Insist,
    Minute,
    RefusePart,
    RuleOut,
)
from services.petitions.domain.departments import TO_DECIDE
from services.petitions.domain.departments import VERBS as IN_CONSULTATION
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.suspension import Resume, Suspend
from services.petitions.domain.verbs import OPEN, can
from services.petitions.domain.whistle import OPEN as OPEN_WHISTLE
from services.petitions.domain.whistle_commands import (
    Accept,
    Blow,
    CallOff,
    Refuse,
    Report,
    WhistleUp,
)
from services.petitions.domain.whistle_state import Whistle
from shared.runtime.aggregate import Command
from shared.runtime.memory_journal import MemoryDisk
from tests.simulation.town import CATEGORIES, FILED_AT, RESIDENTS, STAFF, Secrets, Step

DEPARTMENTS = tuple(f"department-{n}" for n in range(1, 6))
REASONS = ("season", "court", "financing", "holiday")


class Callers:
    """They look at the petitions and whistles there are, and think of something to do next."""

    def __init__(
        self, chance: random.Random, secrets: Secrets, disks: Mapping[str, MemoryDisk]
    ) -> None:
        self._chance = chance
        self._secrets = secrets
        self._disks = disks

    def think(self, now: datetime) -> Step | None:
        """The next thing that somebody does; None when there is nothing to do it to."""
        dice = self._chance.random()
        if dice < 0.15:
            return self._blow()
        if dice < 0.45:
            return self._on_a_whistle()
        return self._on_a_petition(now)

    def _blow(self) -> Step:
        chance = self._chance
        by = chance.choice(STAFF if chance.random() < 0.2 else RESIDENTS)
        petitions = [*self._disks["petitions"].states("petition")]
        blow = Blow(
            by,
            chance.choice(FILED_AT),
            chance.choice(CATEGORIES),
            self._secrets.text(),
            self._secrets.text(),
            chance.choice(petitions) if petitions and chance.random() < 0.5 else None,
        )
        return Step("petitions", "whistle", None, by, blow)

    def _on_a_whistle(self) -> Step | None:
        chance, words = self._chance, self._secrets.text()
        there = [
            (id, msgspec.convert(stored.state, Whistle))
            for id, stored in self._disks["petitions"].states("whistle").items()
        ]
        there = [each for each in there if OPEN_WHISTLE[each[1].status]]
        if not there:
            return None
        id, whistle = chance.choice(there)
        verb = chance.choice(sorted(OPEN_WHISTLE[whistle.status]))
        anybody = chance.choice((*STAFF, *RESIDENTS))
        by = anybody if chance.random() < 0.1 else whistle.called or anybody
        command: Command
        match verb:
            case "report":
                command = Report(by, words)
            case "whistle-up":
                command = WhistleUp(by, words)
            case "accept":
                command = Accept(by := whistle.judge, chance.randint(1, 5), words)
            case "refuse":
                command = Refuse(by := whistle.judge, words)
            case _:
                command = CallOff(by := whistle.whistler, words)
        return Step("petitions", "whistle", id, by, command)

    def _on_a_petition(self, now: datetime) -> Step | None:
        chance = self._chance
        there = [
            (id, msgspec.convert(stored.state, Petition))
            for id, stored in self._disks["petitions"].states("petition").items()
        ]
        there = [each for each in there if OPEN[each[1].status] & {"suspend", "resume", "minute"}]
        if not there:
            return None
        id, petition = chance.choice(there)
        by = (petition.assignee if chance.random() < 0.4 else None) or chance.choice(STAFF)
        consultation = petition.consultation
        if petition.status is Status.SUSPENDED and chance.random() < 0.3:
            return Step("petitions", "petition", id, by, Resume(by, self._secrets.text()))
        if consultation is not None and consultation.open:
            return self._in_consultation(id, petition, by)
        if chance.random() < 0.4:
            until = now + timedelta(days=chance.randint(1, 70))
            suspend = Suspend(by, chance.choice(REASONS), until, self._secrets.text())
            return Step("petitions", "petition", id, by, suspend)
        departments = tuple(chance.sample(DEPARTMENTS, chance.randint(2, 3)))
        consult = Consult(by, departments, chance.choice(departments), self._secrets.text())
        return Step("petitions", "petition", id, by, consult)

    def _in_consultation(self, id: str, petition: Petition, by: str) -> Step:
        chance, words = self._chance, self._secrets.text()
        assert petition.consultation is not None
        part = chance.choice(petition.consultation.parts)
        department = part.department
        officer = f"{department}-officer"
        command: Command
        if part.status in TO_DECIDE and chance.random() < 0.6:
            other = chance.choice(DEPARTMENTS)
            command = chance.choice(
                (
                    Insist(by, department, words),
                    HandOver(by, department, other, words),
                    RuleOut(by, department, words),
                )
            )
            return Step("petitions", "petition", id, by, command)
        verbs = sorted(can(petition, officer, department) & IN_CONSULTATION)
        match chance.choice([verb for verb in verbs if verb.endswith("-part")] or ["minute"]):
            case "accept-part":
                command = AcceptPart(officer, department)
            case "refuse-part":
                command = RefusePart(officer, words, department)
            case "deliver-part":
                command = DeliverPart(officer, words, department)
            case _:
                command = Minute(officer, words, department)
        return Step("petitions", "petition", id, officer, command)
