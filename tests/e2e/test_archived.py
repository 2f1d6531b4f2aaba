"""Streams that have ended are archived with the ledger's proofs, and checked without any server."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyarrow import parquet

from deploy.archive.__main__ import main
from deploy.archive.contents import FILE, PROOFS, Contents
from deploy.archive.sealed import Ledger
from deploy.archive.verifying import read
from deploy.archive.writing import archive
from deploy.backup.files import digest_of
from services.petitions.domain.petition import petition
from services.petitions.main import service as petitions
from services.volunteering.main import service as volunteering
from shared.merkle.ed25519 import new_signer
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Commit
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.rebuild import fold
from shared.runtime.service import Service
from tests.e2e.certified import certified
from tests.e2e.town import HOME, Town, filing
from tests.e2e.waiting import until

PERSONAL = "巷口第二棵榕树下"


def archived(town: Town, service: Service, folder: Path) -> Contents:
    """All of a service's streams that have ended by now."""

    async def write() -> Contents:
        database = town.settings(service.name)["JINLIN_MONGO_DATABASE"]
        journal = MongoJournal.connect(town.mongo.uri, database, "pymongo", SystemClock())
        ledger = Ledger(town.url("ledger"))
        try:
            return await archive(service, journal, ledger, datetime.now(UTC), folder)
        finally:
            ledger.close()
            await journal.close()

    return asyncio.run(write())


@pytest.fixture(scope="module")
def folder(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of volunteering with a certificate that was sealed."""
    person = town.resident()
    certificate = certified(town, person, "archived")
    place = tmp_path_factory.mktemp("archives")
    made: list[Contents] = []

    def is_proved() -> bool:
        made.append(archived(town, volunteering, place / str(len(made))))
        stream = f"volunteering/certificate-{certificate}/"
        return not any(event.startswith(stream) for event in made[-1].unsealed)

    until(is_proved, "the certificate is sealed and signed for")
    assert made[-1].proofs > 0
    return place / str(len(made) - 1)


def test_an_archive_is_checked_offline(
    town: Town, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = town.http.get(f"{town.url('ledger')}/keys").json()["keys"][0]["key"]
    assert main(["verify", str(folder), "--key", key]) == 0
    assert "all as they were written" in capsys.readouterr().out
    other = new_signer("jinlin.local/ledger").key
    assert main(["verify", str(folder), "--key", str(other)]) == 1
    assert "none of those that are trusted" in capsys.readouterr().err


def altered_rows(folder: Path) -> None:
    """An event tells another digest, and the digest of the file is put right."""
    file = next(folder.glob("*.parquet"))
    before = digest_of(file)
    table = parquet.read_table(file)
    rows = table.to_pylist()
    for row in rows:
        for event in row["events"]:
            if event["name"] == "CertificateIssued":
                at = event["data"].index('"digest":"') + len('"digest":"')
                event["data"] = event["data"][:at] + "0" * 64 + event["data"][at + 64 :]
    parquet.write_table(table.from_pylist(rows, table.schema), file)
    contents = folder / FILE
    contents.write_text(contents.read_text().replace(before, digest_of(file)))


def hole(folder: Path) -> None:
    """A stream begins with its second commit, and the digest of the file is put right."""
    file = next(folder.glob("*.parquet"))
    before = digest_of(file)
    table = parquet.read_table(file)
    rows = table.to_pylist()
    last = max(rows, key=lambda row: row["version"])
    last["version"] += 1
    parquet.write_table(table.from_pylist(rows, table.schema), file)
    contents = folder / FILE
    contents.write_text(contents.read_text().replace(before, digest_of(file)))


def altered_file(folder: Path) -> None:
    """A byte of a file is another one."""
    file = next(folder.glob("*.parquet"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def missing_proofs(folder: Path) -> None:
    """The proofs are left out, and their digest is put right."""
    file = folder / PROOFS
    before = digest_of(file)
    file.write_bytes(b"")
    contents = folder / FILE
    contents.write_text(contents.read_text().replace(before, digest_of(file)))


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (altered_file, "is not what was written"),
        (altered_rows, PROOFS),
        (hole, "is not whole"),
        (missing_proofs, "there is no proof of volunteering/certificate-"),
    ],
)
def test_what_was_done_to_an_archive_is_noticed(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Path], None],
    why: str,
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    damage(copy)
    assert main(["verify", str(copy)]) == 1
    assert why in capsys.readouterr().err


def test_commits_come_back_from_an_archive_and_lead_to_the_same_states(
    town: Town, tmp_path: Path
) -> None:
    resident = town.resident()
    ended = resident.file(text=f"{PERSONAL}有人倒垃圾。")
    resident.does("withdraw", ended)
    open_still = resident.post("petitions", "/petitions", filing(place=HOME)).json()["id"]
    contents = archived(town, petitions, tmp_path / "archive")
    assert sum(month.commits for month in contents.months) >= 2

    histories: dict[str, list[Commit]] = {}
    for commit in read(tmp_path / "archive"):
        histories.setdefault(commit.stream, []).append(commit)
    assert petition.stream(open_still) not in histories
    (stored,) = town.store("petitions")["state_petition"].find({"_id": ended})
    folded = fold(petition, ended, histories[petition.stream(ended)])
    assert folded.version == stored["v"]
    assert folded.at == stored["at"]
    there = {one["_id"] for one in town.store("petitions")["commits"].find({}, {"_id": 1})}
    assert {f"{one.stream}/{one.version}" for own in histories.values() for one in own} <= there

    for file in (tmp_path / "archive").iterdir():
        assert PERSONAL.encode() not in file.read_bytes()
    for commits in histories.values():
        for commit in commits:
            assert PERSONAL not in str(commit.events)
