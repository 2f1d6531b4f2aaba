"""Files of a backup: what was written comes back, nobody else reads it; what was altered, cut off
or put in another one's place is noticed.
"""

import base64
import os
import stat
from collections.abc import Callable
from pathlib import Path

import bson
import pytest

from deploy.backup import manifest as manifests
from deploy.backup.files import Writing, digest_of, private_folder, reading
from deploy.backup.sealing import SEGMENT, key_in
from deploy.backup.troubles import Damaged, NoKey

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
NAME = "petitions.commits.bson.gz"
PERSONAL = "住在三楼的李奶奶"
DOCUMENTS = [
    bson.encode({"_id": f"thing-{n}/1", "text": PERSONAL, "noise": os.urandom(3_000)})
    for n in range(2 * SEGMENT // 3_000)
]
"""More than two segments, however well they are packed."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a backup."""
    return private_folder(tmp_path / "backup")


def written(folder: Path, key: bytes | None) -> Path:
    """A file with the documents."""
    with Writing(folder, NAME, key) as writing:
        for start in range(0, len(DOCUMENTS), 100):
            writing.add(b"".join(DOCUMENTS[start : start + 100]))
    assert writing.documents == len(DOCUMENTS)
    assert writing.bytes == sum(map(len, DOCUMENTS))
    return folder / NAME


@pytest.mark.parametrize("key", [None, KEY])
def test_documents_come_back_as_they_were(folder: Path, key: bytes | None) -> None:
    written(folder, key)
    assert list(reading(folder, NAME, key, key is not None)) == DOCUMENTS


def test_only_the_owner_may_look(folder: Path) -> None:
    file = written(folder, None)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_sealed_file_tells_nothing_without_its_key(folder: Path) -> None:
    file = written(folder, KEY)
    assert file.read_bytes()[16:18] != b"\x1f\x8b", "gzip in the clear"
    with pytest.raises(NoKey):
        list(reading(folder, NAME, None, True))
    with pytest.raises(Damaged):
        list(reading(folder, NAME, OTHER_KEY, True))


def altered(data: bytes) -> bytes:
    """One bit in the middle is another one."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def cut_off_within_a_segment(data: bytes) -> bytes:
    """The end is missing."""
    return data[:-100]


def cut_off_behind_a_segment(data: bytes) -> bytes:
    """The last segment is missing, and all before it whole."""
    at, ends = 32, []
    while at < len(data):
        at += 4 + int.from_bytes(data[at : at + 4])
        ends.append(at)
    assert len(ends) > 1
    return data[: ends[-2]]


def emptied(data: bytes) -> bytes:
    """Nothing but the beginning is there."""
    return data[:32]


@pytest.mark.parametrize(
    "damage", [altered, cut_off_within_a_segment, cut_off_behind_a_segment, emptied]
)
def test_a_damaged_sealed_file_is_noticed(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    file = written(folder, KEY)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(Damaged):
        list(reading(folder, NAME, KEY, True))


def test_a_sealed_file_passes_for_no_other(folder: Path) -> None:
    written(folder, KEY).rename(folder / "petitions.dossiers.bson.gz")
    with pytest.raises(Damaged):
        list(reading(folder, "petitions.dossiers.bson.gz", KEY, True))


def test_a_file_that_was_cut_off_is_noticed(folder: Path) -> None:
    file = written(folder, None)
    file.write_bytes(file.read_bytes()[:-1_000])
    with pytest.raises(Damaged):
        list(reading(folder, NAME, None, False))


def test_a_key_is_32_bytes_in_base64(tmp_path: Path) -> None:
    file = tmp_path / "key"
    with pytest.raises(NoKey):
        key_in(file)
    file.write_text(base64.b64encode(KEY).decode() + "\n")
    assert key_in(file) == KEY
    for wrong in ("", "not base64!", base64.b64encode(KEY[:31]).decode()):
        file.write_text(wrong)
        with pytest.raises(NoKey):
            key_in(file)


def test_a_manifest_knows_its_files(folder: Path) -> None:
    file = written(folder, None)
    indexes = [{"name": "when_due", "key": {"due": {"$numberInt": "1"}}}]
    collection = manifests.Collection("commits", NAME, 1, 2, digest_of(file), indexes)
    store = manifests.Store("petitions", 1_800_000_000, "6.0.5", None, [collection])
    at = bson.ObjectId().generation_time
    whole = manifests.Manifest(
        manifests.FORMAT, at, "0.1.0", False, [store], manifests.Kafka({}, {}, {})
    )
    manifests.save(folder, whole)
    there = manifests.load(folder)
    assert there == whole
    assert there.of("petitions").collections[0].index_documents() == [
        {"name": "when_due", "key": {"due": 1}}
    ]
    manifests.verify(folder, there)
    file.write_bytes(altered(file.read_bytes()))
    with pytest.raises(Damaged, match=NAME):
        manifests.verify(folder, there)
    file.unlink()
    with pytest.raises(Damaged, match=NAME):
        manifests.verify(folder, there)


def test_a_folder_without_a_manifest_is_no_backup(folder: Path) -> None:
    with pytest.raises(Damaged, match=r"manifest\.json"):
        manifests.load(folder)
