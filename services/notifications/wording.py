"""The words of messages: templates in files, filled strictly.

A gap in a template is an error, never an empty place in somebody's message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from shared.runtime.problems import Language

TEMPLATES = Path(__file__).with_name("templates")
FILES: Mapping[Language, str] = {"zh": "zh-Hans.yaml", "en": "en.yaml"}
CITY_ZONE = ZoneInfo("Asia/Shanghai")
"""In which people read times."""
SHORT_ID = 8
"""The last characters of an id, enough to tell one's petitions apart."""

NAMED_IN: Mapping[str, str] = {
    "level": "levels",
    "category": "categories",
    "duty": "duties",
    "outcome": "outcomes",
    "because": "reasons",
    "danger": "dangers",
    "suspension": "suspensions",
    "service": "services",
    "training": "trainings",
    "about": "credentials",
}
"""Parameters that are codes, and the list in the file that has their names."""
TIMES = frozenset(
    {
        "accept_by",
        "answer_by",
        "begin",
        "due",
        "end",
        "follow_up_until",
        "judge_by",
        "part_by",
        "report_by",
        "since",
        "start",
        "until",
        "was",
    }
)
"""Parameters that are times."""
SHORTENED = frozenset(
    {
        "activity",
        "alarm",
        "broadcast",
        "credential",
        "dispute",
        "into",
        "need",
        "order",
        "out_of",
        "petition",
        "plan",
        "project",
        "resource",
        "reward",
        "series",
        "session",
        "team",
        "visit",
        "webhook",
        "whistle",
        "wish",
    }
)
"""Parameters that are ids."""


class NotRenderable(Exception):
    """There is no template of this kind, or it wants something that the message does not have."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as a person reads it."""

    title: str
    body: str


class Wording:
    """The words of one language."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.messages: Mapping[str, Mapping[str, str]] = words["messages"]
        self._words = words

    def render(self, kind: str, params: Mapping[str, str], places: Mapping[str, Any]) -> Rendered:
        """Title and body of a message. `places` have names by code. Raises `NotRenderable`."""
        template = self.messages.get(kind)
        if template is None:
            raise NotRenderable(f"there is no template {kind}")
        spoken = {name: self._spoken(name, value, places) for name, value in params.items()}
        return Rendered(fill(template["title"], spoken), fill(template["body"], spoken))

    def names(self, list: str) -> Mapping[str, str]:
        """The names of codes: ``levels``, ``categories``, ``duties``, ``outcomes``, ``reasons``."""
        names: Mapping[str, str] = self._words[list]
        return names

    def _spoken(self, name: str, value: str, places: Mapping[str, Any]) -> str:
        """A parameter in words; a code without a name speaks for itself."""
        if name in TIMES:
            return self._time(datetime.fromisoformat(value).astimezone(CITY_ZONE))
        if name in SHORTENED:
            return value[-SHORT_ID:]
        if name == "place":
            known = places.get(value)
            return known.name if known is not None and known.name else value
        if (names := NAMED_IN.get(name)) is not None:
            return self.names(names).get(value, value)
        return value

    def _time(self, moment: datetime) -> str:
        return fill(
            self._words["time"],
            {
                "year": f"{moment.year}",
                "month": f"{moment.month}",
                "day": f"{moment.day}",
                "time": f"{moment:%H:%M}",
            },
        )


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its {placeholders} filled: plain names only. Raises `NotRenderable`."""
    parts: list[str] = []
    try:
        for literal, name, spec, conversion in Formatter().parse(template):
            parts.append(literal)
            if name is None:
                continue
            if spec or conversion or name not in values:
                raise NotRenderable(f"{template!r} wants {name!r}, which is not there")
            parts.append(values[name])
    except ValueError as error:
        raise NotRenderable(f"{template!r}: {error}") from None
    return "".join(parts)


@cache
def wording(language: Language) -> Wording:
    """The words of a language, from its file."""
    file = TEMPLATES / FILES[language]
    return Wording(yaml.safe_load(file.read_text(encoding="utf-8")))
