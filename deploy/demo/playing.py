"""Playing the day: every act is a request in somebody's name, every wait is for time to do it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from deploy.demo.callers import Callers
from deploy.demo.day import Act, Day, Matter, Person, Scene, Wait
from deploy.local.layout import LocalError

WAIT_AT_MOST = 120.0
"""Seconds for which time is given to move a petition; the demo's rules need some 25."""
LOOK_EVERY = 0.25

CLOCK = "clock:"
"""What the actor of a commit begins with when nobody did it but time."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was acknowledged: the petition's id and the version it led to."""

    act: Act
    by: str
    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Case:
    """A petition as the services tell of it: what is shown to the petitioner, and its timeline."""

    name: str
    id: str
    matter: Matter
    shown: dict[str, Any]
    timeline: list[dict[str, Any]]


class Play:
    """One playing of the day. `ids` are the petitions' ids by their names in the file."""

    def __init__(
        self,
        callers: Callers,
        day: Day,
        tell_scene: Callable[[str], None],
        tell_act: Callable[[Act], None],
        tell_time: Callable[[str, dict[str, Any]], None],
    ) -> None:
        """`tell_time` is told what time did: the petition's name and the timeline's entry."""
        self._callers = callers
        self._day = day
        self._tell_scene = tell_scene
        self._tell_act = tell_act
        self._tell_time = tell_time
        self._run = uuid4().hex[:12]
        self._seen: dict[str, int] = {}
        self.ids: dict[str, str] = {}
        self.done: list[Done] = []

    def play(self) -> None:
        """All scenes, in order. Raises LocalError where a service refuses or time does nothing."""
        for scene in self._day.scenes:
            self._tell_scene(scene.title)
            for act in scene.acts:
                if isinstance(act, Wait):
                    self._wait(act, scene)
                else:
                    self._act(act)

    def cases(self) -> list[Case]:
        """Every petition as its petitioner is shown it now."""
        return [
            Case(name, id, self._day.petitions[name], self._shown(name), self._timeline(name))
            for name, id in self.ids.items()
        ]

    def petitioner(self, name: str) -> Person:
        """Whose petition it is: who files it, or whom it is filed for."""
        filed = next(
            act
            for scene in self._day.scenes
            for act in scene.acts
            if isinstance(act, Act) and act.does == "file" and act.petition == name
        )
        return self._day.people[self._day.petitions[name].for_ or filed.who]

    def _act(self, act: Act) -> None:
        person = self._day.people[act.who]
        if act.does == "file":
            path, body = "/petitions", self._as_filed(act.petition)
        else:
            path, body = f"/petitions/{self.ids[act.petition]}/{act.does}", dict(act.with_)
            if "assignee" in body:
                body["assignee"] = self._day.people[body["assignee"]].sub
        key = f"demo/{self._run}/{len(self.done)}"
        outcome = self._callers.post("petitions", path, person, body, key)
        self.ids.setdefault(act.petition, outcome["id"])
        self.done.append(Done(act, person.sub, outcome["id"], outcome["version"]))
        self._tell_act(act)

    def _as_filed(self, name: str) -> dict[str, Any]:
        matter = self._day.petitions[name]
        body: dict[str, Any] = {
            "kind": matter.kind,
            "title": matter.title,
            "text": matter.text,
            "place": matter.place,
            "category": matter.category,
            "channel": matter.channel,
            "urgency": matter.urgency,
        }
        if matter.for_ is not None:
            body |= {"on_behalf": True, "petitioner": self._day.people[matter.for_].sub}
        return body

    def _wait(self, wait: Wait, scene: Scene) -> None:
        """Looks at all that this scene waits for, so that what time does is told as it happens."""
        waited_for = [act.petition for act in scene.acts if isinstance(act, Wait)]
        limit = time.monotonic() + WAIT_AT_MOST
        while not self._reached(wait):
            if time.monotonic() > limit:
                matter = self._day.petitions[wait.petition]
                raise LocalError(
                    f"not within {WAIT_AT_MOST:.0f} s: {wait.petition} ({matter.title}) is "
                    f"{wait.status or wait.level}. Is the ticker of petitions alive? `make logs`"
                )
            self._tell_what_time_did(waited_for)
            time.sleep(LOOK_EVERY)
        self._tell_what_time_did(waited_for)

    def _reached(self, wait: Wait) -> bool:
        shown = self._shown(wait.petition)
        return (wait.status is None or shown["status"] == wait.status) and (
            wait.level is None or shown["level"] == wait.level
        )

    def _tell_what_time_did(self, names: Iterable[str]) -> None:
        for name in names:
            for entry in self._timeline(name):
                if entry["version"] > self._seen.get(name, 0):
                    self._seen[name] = entry["version"]
                    if entry["actor"].startswith(CLOCK):
                        self._tell_time(name, entry)

    def _shown(self, name: str) -> dict[str, Any]:
        return self._callers.get("petitions", f"/petitions/{self.ids[name]}", self.petitioner(name))

    def _timeline(self, name: str) -> list[dict[str, Any]]:
        path = f"/petitions/{self.ids[name]}/timeline"
        items: list[dict[str, Any]] = self._callers.get("petitions", path, self.petitioner(name))[
            "items"
        ]
        return items
