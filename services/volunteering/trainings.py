"""The list of trainings: what each is called, and for how long it holds."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.contracts.types import Code, NameEn, NameZh
from shared.runtime.yaml_text import read_yaml

SHIPPED = Path(__file__).with_name("trainings.yaml")


class Listed(BaseModel):
    """A training; without `days` it holds for good."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: NameZh
    en: NameEn
    days: Annotated[int, Field(ge=1, le=3_650)] | None = None


TRAININGS: dict[Code, Listed] = TypeAdapter(dict[Code, Listed]).validate_python(
    read_yaml(SHIPPED.read_text("utf-8"))
)
LASTING: dict[str, int | None] = {code: one.days for code, one in TRAININGS.items()}
"""For how many days each holds, None for good."""
