"""Which backups stay, which go, and when another one is due."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.backup.__main__ import main
from deploy.backup.keeping import STAMP, Ages, kept, last, thinned, wait_until_due
from deploy.backup.manifest import FORMAT, Kafka, Manifest, save
from deploy.local.layout import LocalError

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
AGES = Ages(2, 31, 366)


def begun(root: Path, at: datetime) -> Path:
    """A backup that is being made."""
    folder = root / at.strftime(STAMP)
    folder.mkdir()
    return folder


def whole(root: Path, at: datetime) -> Path:
    folder = begun(root, at)
    save(folder, Manifest(FORMAT, at, "0.1.0", False, [], Kafka({}, {}, {})))
    return folder


def test_all_stay_then_the_last_of_each_day_then_of_each_month() -> None:
    moments = [NOW - timedelta(hours=hour) for hour in range(24 * 400)]
    stays = kept(moments, NOW, AGES)
    of_two_days = {at for at in moments if NOW - at <= timedelta(days=2)}
    assert of_two_days <= stays
    older = sorted((at for at in stays - of_two_days), reverse=True)
    daily = [at for at in older if NOW - at <= timedelta(days=31)]
    # The city's day ends at 16:00 UTC.
    assert {(at.hour, at.minute) for at in daily} == {(15, 0)}
    assert len(daily) == 29
    monthly = older[len(daily) :]
    assert [at.strftime("%Y-%m-%d") for at in monthly[:2]] == ["2026-04-30", "2026-03-31"]
    assert len(monthly) == 11
    assert min(stays) >= NOW - timedelta(days=366)


def test_thinned_again_and_again_the_same_stay() -> None:
    moments = [NOW - timedelta(hours=hour) for hour in range(24 * 40)]
    once: set[datetime] = set()
    for at in sorted(moments):
        once = kept([*once, at], at, AGES)
    assert once == kept(moments, NOW, AGES)


def test_the_newest_stays_however_old_it_is() -> None:
    old = [NOW - timedelta(days=900), NOW - timedelta(days=901)]
    assert kept(old, NOW, AGES) == {old[0]}
    assert kept([], NOW, AGES) == set()


def test_what_is_no_whole_backup_goes_after_a_day_and_what_is_not_ours_stays(
    tmp_path: Path,
) -> None:
    newest = whole(tmp_path, NOW)
    old = whole(tmp_path, NOW - timedelta(days=800))
    being_made = begun(tmp_path, NOW - timedelta(hours=3))
    left = begun(tmp_path, NOW - timedelta(hours=30))
    beside = tmp_path / "lost+found"
    beside.mkdir()
    assert set(thinned(tmp_path, NOW, AGES)) == {old, left}
    assert {folder.name for folder in tmp_path.iterdir()} == {
        one.name for one in (newest, being_made, beside)
    }


def test_another_is_due_when_the_last_whole_one_is_old_enough(tmp_path: Path) -> None:
    paused: list[float] = []
    wait_until_due(tmp_path, timedelta(hours=24), paused.append, lambda: NOW)
    whole(tmp_path, NOW - timedelta(hours=10))
    whole(tmp_path, NOW - timedelta(hours=40))
    begun(tmp_path, NOW - timedelta(hours=1))  # was never finished
    assert last(tmp_path) == NOW - timedelta(hours=10)
    wait_until_due(tmp_path, timedelta(hours=24), paused.append, lambda: NOW)
    wait_until_due(tmp_path, timedelta(hours=6), paused.append, lambda: NOW)
    assert paused == [14 * 3600]


@pytest.mark.parametrize("text", ["", "7", "7,31", "7,31,x", "31,7,366", "0,31,366", "1,2,3,4"])
def test_ages_are_three_numbers_that_grow(text: str) -> None:
    with pytest.raises(LocalError):
        Ages.read(text)


def test_what_is_missing_in_a_container_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keep", "--in", str(tmp_path), "--secrets", str(tmp_path)]) == 1
    assert "_backup_uri" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--every", "0"),
        ("--every", "-3"),
        ("--scheduled", "nan"),
        ("--scheduled", "inf"),
        ("--every", "24", "--scheduled", "24"),
    ],
)
def test_how_often_is_said_once_in_hours(
    wrong: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["keep", "--in", str(tmp_path), *wrong])
    assert wrong[0] in capsys.readouterr().err
