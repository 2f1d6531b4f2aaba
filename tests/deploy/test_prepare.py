"""The secrets that containers are given."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pymongo.uri_parser import parse_uri

from deploy.compose.prepare import LOG, makers, prepare
from deploy.compose.stores import DATABASE, REPLICA_SET, left_out, members
from deploy.local.issuer import load_key
from deploy.local.layout import SERVICES
from services.ledger.signing import signers_in
from shared.runtime.settings import SHORTEST_SECRET


def test_what_is_there_stays(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert prepare(folder) == sorted(makers())
    before = {file.name: file.read_text() for file in folder.iterdir()}
    assert prepare(folder) == []
    (folder / "cookie_secret").unlink()
    assert prepare(folder) == ["cookie_secret"]
    after = {file.name: file.read_text() for file in folder.iterdir()}
    assert {name for name in before if before[name] != after[name]} == {"cookie_secret"}


def test_only_whoever_runs_containers_finds_them(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    prepare(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    # In a container another user reads them.
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o444}


def test_they_are_what_services_take(tmp_path: Path) -> None:
    prepare(tmp_path)
    assert [
        str(signer.key).split("+")[0] for signer in signers_in(_read(tmp_path, "ledger_key"))
    ] == [LOG]
    assert load_key(tmp_path / "issuer_key").is_private
    for name in makers():
        assert len(_read(tmp_path, name)) >= SHORTEST_SECRET, name


@pytest.mark.parametrize("service", SERVICES)
def test_a_store_has_a_user_and_a_key_of_its_own(service: str, tmp_path: Path) -> None:
    prepare(tmp_path)
    told = parse_uri(_read(tmp_path, f"{service}_store_uri"))
    (first,) = members(service, 1)
    assert [f"{host}:{port}" for host, port in told["nodelist"]] == [first]
    assert told["username"] == service
    assert told["options"]["replicaSet"] == REPLICA_SET
    assert told["options"]["authSource"] == DATABASE.format(service)
    key = _read(tmp_path, f"{service}_store_key")
    assert 6 <= len(key) <= 1024, "what MongoDB takes"
    of_others = {
        _read(tmp_path, f"{other}_store_{part}")
        for other in SERVICES
        for part in ("key", "admin", "uri")
        if other != service
    }
    assert key not in of_others
    assert told["password"] not in "".join(of_others)


@pytest.mark.parametrize("service", SERVICES)
def test_a_store_of_three_is_found_by_each_of_them(service: str, tmp_path: Path) -> None:
    prepare(tmp_path, 3)
    uri = _read(tmp_path, f"{service}_store_uri")
    assert left_out(uri, members(service, 3)) == []
    assert parse_uri(uri)["username"] == service


def test_members_that_an_address_leaves_out_are_named(tmp_path: Path) -> None:
    prepare(tmp_path)
    uri = _read(tmp_path, "ledger_store_uri")
    assert left_out(uri, members("ledger", 1)) == []
    assert left_out(uri, members("ledger", 3)) == ["ledger-store-2:27017", "ledger-store-3:27017"]


def _read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")
