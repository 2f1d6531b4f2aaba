"""The gate: which changes of an event class break a reader; `make contracts` refuses them."""

import json
from dataclasses import dataclass, field, make_dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.compatibility import breaks
from shared.contracts.envelope import event_in, parse
from shared.contracts.event import Event
from shared.contracts.files import HERE, contracts
from shared.contracts.generate import Breaking, differing, generated, main
from shared.contracts.json_schema import data_schema, envelope_schema
from shared.contracts.types import Level

TYPE = "cn.jinlin.petitions.WellDug.v1"


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class FewerColours(StrEnum):
    RED = "red"


class MoreColours(StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


BEFORE: dict[str, Any] = {
    "petition": str,
    "times": int,
    "petitioner": str | None,
    "level": Colour,
    "since": datetime,
    "path": tuple[str, ...],
}


def well_dug(fields: dict[str, Any], added: dict[str, tuple[Any, Any]] | None = None) -> Any:
    """An event class with these fields; the added ones have a default."""
    return make_dataclass(
        "WellDug",
        [
            *fields.items(),
            *((name, kind, field(default=value)) for name, (kind, value) in (added or {}).items()),
        ],
        bases=(Event,),
        frozen=True,
        slots=True,
        namespace={"__doc__": "A well was dug.", "__module__": "shared.contracts.petitions"},
    )


def faults(after: Any, before: Any = None) -> list[str]:
    return breaks(data_schema(TYPE, before or well_dug(BEFORE)), data_schema(TYPE, after))


def without(name: str) -> dict[str, Any]:
    return {key: kind for key, kind in BEFORE.items() if key != name}


@pytest.mark.parametrize(
    "after",
    [
        well_dug(BEFORE),
        well_dug(dict(reversed(BEFORE.items()))),
        well_dug(BEFORE, {"reached": (Level | None, None)}),
        well_dug(BEFORE, {"days": (int, 0), "until": (datetime | None, None)}),
    ],
    ids=["unchanged", "another order", "added field", "added fields"],
)
def test_what_every_reader_bears_passes(after: Any) -> None:
    assert faults(after) == []


def test_an_enum_of_the_same_values_under_another_name_passes() -> None:
    class Hue(StrEnum):
        RED = "red"
        GREEN = "green"

    assert faults(well_dug({**BEFORE, "level": Hue})) == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (well_dug(without("times")), "`times` was removed"),
        (well_dug({**without("times"), "count": int}), "`times` was removed or renamed"),
        (well_dug({**BEFORE, "days": int}), "`days` is new and has no default"),
        (well_dug({**BEFORE, "days": int | None}), "`days` is new and has no default"),
        (well_dug(without("times"), {"times": (int, 0)}), "`times` may now be missing"),
        (well_dug({**BEFORE, "times": str}), "`times`: values already sent"),
        (well_dug({**BEFORE, "times": float}), "`times`: its new values"),
        (well_dug({**BEFORE, "petitioner": str}), "`petitioner`: values already sent"),
        (well_dug({**BEFORE, "times": int | None}), "`times`: its new values"),
        (well_dug({**BEFORE, "level": FewerColours}), "`level`: values already sent"),
        (well_dug({**BEFORE, "level": MoreColours}), "`level`: its new values"),
        (well_dug({**BEFORE, "level": str}), "`level`: its new values"),
        (well_dug({**BEFORE, "since": str}), "`since`: its new values"),
        (well_dug({**BEFORE, "petition": datetime}), "`petition`: values already sent"),
        (well_dug({**BEFORE, "path": tuple[int, ...]}), "`path`: values already sent"),
        (well_dug({**BEFORE, "path": str}), "`path`: values already sent"),
    ],
)
def test_what_breaks_a_reader_is_named(after: Any, said: str) -> None:
    assert any(fault.startswith(said) for fault in faults(after)), faults(after)


def test_a_field_that_had_a_default_cannot_become_required_or_vanish() -> None:
    before = well_dug(BEFORE, {"days": (int, 0)})
    assert any(
        "is required now" in each for each in faults(well_dug({**BEFORE, "days": int}), before)
    )
    assert faults(well_dug(BEFORE), before) == ["`days` was removed or renamed"]


# --- make contracts, on copies of the real files ------------------------------------------------


def some() -> dict[str, type[Event]]:
    """A few of the real events: what is done with them is done with all."""
    return {type: cls for type, cls in contracts().items() if ".petitions.PetitionA" in type} | {
        type: cls for type, cls in contracts().items() if ".petitions.PetitionF" in type
    }


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write(generated(some(), tmp_path))
    return tmp_path


def write(files: dict[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def with_well(cls: Any, type: str = TYPE) -> dict[str, type[Event]]:
    return {**some(), type: cls}


BEARABLE = {
    "petition": str,
    "times": int,
    "petitioner": str | None,
    "level": Level,
    "since": datetime,
    "path": tuple[str, ...],
}


def test_a_new_event_gets_its_files_and_an_added_field_keeps_the_old_sample(
    directory: Path,
) -> None:
    write(generated(with_well(well_dug(BEARABLE)), directory))
    sample = directory / "samples/petitions/WellDug.v1.json"
    first = sample.read_text(encoding="utf-8")

    grown = with_well(well_dug(BEARABLE, {"days": (int, 0)}))
    files = generated(grown, directory)
    changed = differing(files)
    write(files)

    assert changed == [
        directory / "schemas/petitions/WellDug.v1.json",
        directory / "asyncapi.yaml",
    ]
    assert sample.read_text(encoding="utf-8") == first
    assert "days" not in json.loads(first)["data"]
    assert differing(generated(grown, directory)) == []


def test_a_breaking_change_is_refused_and_says_what_to_do(directory: Path) -> None:
    write(generated(with_well(well_dug(BEARABLE)), directory))

    with pytest.raises(Breaking) as refused:
        generated(with_well(well_dug({**BEARABLE, "times": str})), directory)

    (*_, fault) = refused.value.faults
    assert fault.startswith("petitions/WellDug.v1: `times`")
    assert "a class WellDugV2 with the change beside it" in fault


def test_the_way_out_is_open(directory: Path) -> None:
    write(generated(with_well(well_dug(BEARABLE)), directory))
    second = make_dataclass(
        "WellDugV2",
        [("petition", str), ("stars", int)],
        bases=(Event,),
        frozen=True,
        slots=True,
        namespace={"__doc__": "A well was dug.", "__module__": "shared.contracts.petitions"},
    )
    both = {**with_well(well_dug(BEARABLE)), "cn.jinlin.petitions.WellDug.v2": second}

    write(generated(both, directory))

    schema = json.loads((directory / "schemas/petitions/WellDug.v2.json").read_text("utf-8"))
    assert schema["$id"] == "urn:jinlin:schema:petitions.WellDug.v2"
    assert schema["title"] == "WellDug v2"
    assert (directory / "samples/petitions/WellDug.v2.json").exists()


def test_a_version_cannot_be_removed(directory: Path) -> None:
    write(generated(with_well(well_dug(BEARABLE)), directory))
    with pytest.raises(Breaking, match=r"petitions/WellDug\.v1: its class is gone"):
        generated(some(), directory)


def test_the_envelope_cannot_lose_an_attribute(directory: Path) -> None:
    path = directory / "schemas/envelope.v1.json"
    before = envelope_schema(list(some()))
    before["properties"]["tenant"] = {"type": "string"}
    path.write_text(json.dumps(before), encoding="utf-8")
    with pytest.raises(Breaking, match="envelope: `tenant` was removed"):
        generated(some(), directory)


def test_a_field_without_a_sample_value_says_where_to_give_one(directory: Path) -> None:
    with pytest.raises(LookupError, match=r"WellDug\.depth has no sample value"):
        generated(with_well(well_dug({"petition": str, "depth": int})), directory)


def test_the_command_writes_once_and_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], tmp_path) == 1
    assert "schemas/petitions/PetitionFiled.v1.json is missing" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []

    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    capsys.readouterr()
    assert main([], tmp_path) == 0
    assert ", 0 written" in capsys.readouterr().out


def test_the_command_writes_nothing_when_a_change_breaks_readers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tmp_path, with_well(well_dug(BEARABLE))) == 0
    before = snapshot(tmp_path)
    capsys.readouterr()

    broken = with_well(well_dug({**BEARABLE, "times": str}))
    for arguments in ([], ["--check"]):
        assert main(arguments, tmp_path, broken) == 1
        assert "nothing was written" in capsys.readouterr().err
        assert snapshot(tmp_path) == before


def test_a_file_changed_by_hand_is_found(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = directory / "schemas/petitions/PetitionFiled.v1.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["description"] = "Nobody said so."
    path.write_text(json.dumps(schema), encoding="utf-8")

    assert main(["--check"], directory, some()) == 1
    assert "PetitionFiled.v1.json differs" in capsys.readouterr().err


def snapshot(directory: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


# --- the promise itself ------------------------------------------------------------------------


@dataclass(frozen=True)
class Golden:
    path: Path

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"


GOLDEN = [Golden(path) for path in sorted((HERE / "samples").rglob("*.json"))]


@pytest.mark.parametrize("golden", GOLDEN, ids=str)
def test_every_sample_ever_written_is_still_readable(golden: Golden) -> None:
    envelope = parse(golden.path.read_bytes())
    assert event_in(envelope) is not None
    assert str(golden) == envelope.type.removeprefix("cn.jinlin.").replace(".", "/", 1)
