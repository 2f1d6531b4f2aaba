"""The catalogue of services at any moment: those of the file, and what was changed of them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.volunteering.domain.orders.service import Offered, in_force
from services.volunteering.domain.orders.service_commands import (
    KnownService,
    LeastAge,
    Minutes,
    Settings,
    Trainings,
)
from shared.contracts.types import Code, NameEn, NameZh, Word
from shared.runtime.yaml_text import read_yaml

SHIPPED = Path(__file__).with_name("services.yaml")


class Part(BaseModel):
    """A part of the file: fields it does not know are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Part):
    """What people read."""

    zh: NameZh
    en: NameEn


class Terms(Part):
    """On what conditions a service is done."""

    zh: Word
    en: Word


class Service(Part):
    """A service of the file. See services.yaml for what each field means."""

    code: Code
    name: Name
    minutes: Minutes
    skill: Code | None = None
    trainings: Trainings = ()
    least_age: LeastAge | None = None
    terms: Terms

    @property
    def known(self) -> KnownService:
        """As shipped."""
        return KnownService(
            self.code,
            self.name.zh,
            self.name.en,
            self.minutes,
            self.skill,
            self.trainings,
            self.least_age,
            self.terms.zh,
            self.terms.en,
        )


class Shipped(Part):
    """All of the file."""

    services: Annotated[tuple[Service, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        codes = [service.code for service in self.services]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise ValueError(f"there twice: {', '.join(sorted(twice))}")
        return self


@cache
def shipped(file: Path = SHIPPED) -> Mapping[str, KnownService]:
    """The services of a file by code, in its order. Raises ValueError for what cannot be used."""
    read = Shipped.model_validate(read_yaml(file.read_text(encoding="utf-8")))
    return {service.code: service.known for service in read.services}


class Catalogue:
    """What can be ordered, at any moment."""

    def __init__(self, shipped: Mapping[str, KnownService], changes: Mapping[str, Offered]) -> None:
        self.shipped = shipped
        self.changes = changes

    def codes(self) -> Iterator[str]:
        """Of all there are or will be."""
        yield from self.shipped
        yield from sorted(code for code in self.changes if code not in self.shipped)

    def known(self, code: str, now: datetime) -> KnownService | None:
        """The service as it is now; None where there is none (yet)."""
        change = self.changes.get(code)
        first = self.shipped.get(code)
        if change is None:
            return first
        held = in_force(change, now)
        if first is None:
            defined = change.defined
            if held is None or defined is None or defined.since > now:
                return None
            first = KnownService(code=code, **_said(defined.settings))
        if held is not None:
            first = replace(first, **_said(held.settings))
        ended = change.retirement
        return first if ended is None or ended.since > now else replace(first, open=False)


def _said(settings: Settings) -> dict[str, Any]:
    return {field: value for field, value in asdict(settings).items() if value is not None}
