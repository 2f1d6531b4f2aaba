"""The forms of care visits, from their file: what is asked for each purpose, and what is alarming.

See care_forms.yaml for what each means, and where its numbers are from.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.volunteering.domain.care.form import Form, Gauge, Question
from shared.contracts.types import Code, Measure, NameEn, NameZh
from shared.runtime.yaml_text import read_yaml

SHIPPED = Path(__file__).with_name("care_forms.yaml")
FOR_A_TREND = 3
"""Readings, the latest, that a trend is told from."""


class Part(BaseModel):
    """A part of the file: fields it does not know are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Part):
    """What people read."""

    zh: NameZh
    en: NameEn


class Limits(Part):
    """That or less, that or more is alarming."""

    low: Measure | None = None
    high: Measure | None = None


class Measured(Limits):
    """A field that is measured."""

    name: Name
    unit: Annotated[str, Field(min_length=1, max_length=20)]
    least: Measure
    most: Measure
    decimals: Annotated[int, Field(ge=0, le=2)] = 0
    below: Code | None = None
    notable: Annotated[float, Field(gt=0)]


class Answer(Name):
    """What a question can be answered by."""

    alarming: bool = False


class Asked(Part):
    """A field that is answered."""

    name: Name
    answers: Annotated[dict[Code, Answer], Field(min_length=2)]


class Purpose(Part):
    """Why somebody is visited, what is needed and what may be left out."""

    name: Name
    needed: Annotated[tuple[Code, ...], Field(min_length=1)]
    asked: tuple[Code, ...] = ()
    limits: dict[Code, Limits] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """All of its form."""
        return (*self.needed, *self.asked)


class Forms(Part):
    """All of the file."""

    readings: dict[Code, Measured]
    checks: dict[Code, Asked]
    purposes: Annotated[dict[Code, Purpose], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        known = self.readings.keys() | self.checks.keys()
        wrong = [
            f"{field} is a reading and a check" for field in self.readings if field in self.checks
        ]
        wrong += [
            f"readings.{name}: least <= low < high <= most does not hold"
            for name, one in self.readings.items()
            if not _in_order(one, one)
        ]
        for name, purpose in self.purposes.items():
            asked = purpose.fields
            wrong += [f"purposes.{name}: no field {field}" for field in asked if field not in known]
            if len(set(asked)) < len(asked):
                wrong.append(f"purposes.{name}: a field is asked for twice")
            wrong += [
                f"purposes.{name}.limits.{field}: is not among its readings, or out of order"
                for field, limits in purpose.limits.items()
                if field not in asked
                or field not in self.readings
                or not _in_order(self.readings[field], limits)
            ]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self


def _in_order(one: Measured, limits: Limits) -> bool:
    low = one.least if limits.low is None else limits.low
    high = one.most if limits.high is None else limits.high
    return one.least <= low < high <= one.most


def load_forms(path: Path) -> Forms:
    """The forms of a file. Raises `pydantic.ValidationError`."""
    return Forms.model_validate(read_yaml(path.read_text("utf-8")))


def form_of(forms: Forms, code: str) -> Form:
    """A purpose's form as the rules apply it. Raises KeyError."""
    purpose = forms.purposes[code]
    gauges = {}
    for field in purpose.fields:
        if (one := forms.readings.get(field)) is not None:
            limits = purpose.limits.get(field, one)
            gauges[field] = Gauge(
                one.unit,
                one.least,
                one.most,
                one.decimals,
                limits.low,
                limits.high,
                one.below,
                field in purpose.needed,
            )
    questions = {
        field: Question(
            tuple(forms.checks[field].answers),
            tuple(name for name, one in forms.checks[field].answers.items() if one.alarming),
            field in purpose.needed,
        )
        for field in purpose.fields
        if field in forms.checks
    }
    return Form(gauges, questions)


def shown(forms: Forms) -> dict[str, Any]:
    """The file for those who fill forms in."""
    return forms.model_dump(mode="json")


def trend(values: Sequence[float], notable: float) -> str:
    """Where the latest readings of a field lead: ``rising``, ``falling``, ``steady``; ``unknown``
    for fewer than three. It is a hint, and no diagnosis.
    """
    latest = values[-FOR_A_TREND:]
    if len(latest) < FOR_A_TREND:
        return "unknown"
    steps = [after - before for before, after in pairwise(latest)]
    change = latest[-1] - latest[0]
    if all(step > 0 for step in steps) and change >= notable:
        return "rising"
    if all(step < 0 for step in steps) and -change >= notable:
        return "falling"
    return "steady"


FORMS = load_forms(SHIPPED)
BY_PURPOSE: Mapping[str, Form] = {code: form_of(FORMS, code) for code in FORMS.purposes}
"""The forms in use."""
