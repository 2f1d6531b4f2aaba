"""What the image is made of, and what must not be checked in."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from deploy.supply import licences
from deploy.supply.bom import bill
from deploy.supply.locked import Package, packages
from deploy.supply.secrets_in_files import found_in, leaks

THERE = packages()
MADE_UP = Package("made-up", "1.0", ("0" * 64,), ("jinlin",), ("MIT",))


def test_every_package_of_the_lock_is_listed_with_its_licence(tmp_path: Path) -> None:
    assert {one.name for one in THERE} > {"fastapi", "pymongo", "faststream", "reportlab"}
    assert [one.name for one in THERE if not one.digests or not one.wanted_by] == []
    licences.write(THERE, tmp_path / "licences.csv")
    with (tmp_path / "licences.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["package"] for row in rows] == [one.name for one in THERE]
    assert all(row["licences"] for row in rows)


def test_every_licence_was_looked_at() -> None:
    assert licences.unknown(THERE) == []
    assert licences.LOOKED_AT.keys() <= {one.name for one in THERE}


@pytest.mark.parametrize("told", [(), ("AGPL-3.0-only",), ("MIT", "GPL-3.0-or-later")])
def test_another_licence_is_named(told: tuple[str, ...]) -> None:
    (line,) = licences.unknown([replace(MADE_UP, licences=told)])
    assert line.startswith("made-up 1.0: ")


def test_the_bill_names_every_package_once_and_what_it_needs() -> None:
    made = bill(THERE, "jinlin", "0.1.0")
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    refs = [one["bom-ref"] for one in made["components"]]
    assert len(set(refs)) == len(refs) == len(THERE)
    root = made["metadata"]["component"]["bom-ref"]
    needs = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    assert set(needs) == {root, *refs}
    assert {ref for needed in needs.values() for ref in needed} == set(refs)
    names = {ref.partition("@")[0].removeprefix("pkg:pypi/") for ref in needs[root]}
    assert "fastapi" in names
    assert "anyio" not in names, "only by way of others"
    assert bill(THERE, "jinlin", "0.1.0") == made


def test_nothing_secret_is_checked_in() -> None:
    kept = [
        ROOT / name for name in ("docker-compose.yml", "Makefile", "README.md", "pyproject.toml")
    ]
    folders = [ROOT / name for name in ("deploy", "services", "shared", "docs", "examples")]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix != ".pyc"]
    assert leaks([*kept, *files]) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("-----BEGIN " + "EC PRIVATE KEY-----", "a private key"),
        ("key: PRIVATE" + "+KEY+city.example/ledger+0a1b2c3d+" + "A" * 44, "a key of the ledger"),
        ('{"kty": "EC", "d": "' + "x" * 43 + '"}', "a private JSON web key"),
        ("eyJ" + "a" * 20 + ".eyJ" + "b" * 30 + "." + "c" * 40, "a token"),
        ("mongodb://petitions:" + "correcthorse" + "@store/", "a password in an address"),
        ("AKIA" + "ABCDEFGHIJKLMNOP", "a key of a cloud"),
        ("ghp_" + "a" * 36, "a token of a forge"),
        ("xoxb-" + "1234567890-abcdef", "a token of a messenger"),
    ],
)
def test_a_secret_is_found_by_its_shape(line: str, what: str) -> None:
    assert list(found_in(f"first\n{line}\n")) == [(2, what)]


@pytest.mark.parametrize(
    "line",
    [
        "mongodb://host:27017/?replicaSet=name",
        "smtp(s)://user@host:port",
        "JINLIN_QUERY_CODE_SECRET_FILE: /run/secrets/query_code_secret",
        "-----BEGIN CERTIFICATE-----",
    ],
)
def test_what_is_no_secret_is_left_alone(line: str) -> None:
    assert list(found_in(line)) == []
