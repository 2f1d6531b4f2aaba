"""Backups that are kept: made when it is time, each in a folder named by when it began, and thrown
away when they have become old.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.backup.making import make
from deploy.backup.manifest import FILE, Manifest, load
from deploy.backup.platform import Platform
from deploy.local.layout import LocalError

STAMP = "%Y%m%dT%H%M%SZ"
GIVEN_UP_AFTER = timedelta(days=1)
"""A folder without a manifest is a backup being made; after this, one that was left half done."""
CITY = ZoneInfo("Asia/Shanghai")
"""Whose days and months are counted."""


@dataclass(frozen=True, slots=True)
class Ages:
    """For how many days all backups are kept, then the last of each day, then of each month."""

    all: int
    daily: int
    monthly: int

    @classmethod
    def read(cls, text: str) -> "Ages":
        """From three numbers with commas. Raises LocalError."""
        try:
            ages = cls(*(int(part) for part in text.split(",")))
        except (ValueError, TypeError):
            raise LocalError(f"{text}: expected three numbers of days, as 2,31,366") from None
        if not 0 < ages.all <= ages.daily <= ages.monthly:
            raise LocalError(f"{text}: each number of days is at least the one before it")
        return ages


def stamp() -> str:
    """What the folder of a backup that begins now is called."""
    return datetime.now(UTC).strftime(STAMP)


def keep(
    platform: Platform,
    root: Path,
    key: bytes | None,
    ages: Ages,
    say: Callable[[str], None] = print,
    every: timedelta | None = None,
) -> Manifest:
    """Makes a backup in a folder of `root`; when it is whole, those that are too old go. Stores are
    told that another one follows `every` so often. Raises LocalError.
    """
    manifest = make(platform, root / stamp(), key, say, every)
    for folder in thinned(root, manifest.at, ages):
        say(f"{folder.name} was thrown away")
    return manifest


def last(root: Path) -> datetime | None:
    """The moment of the last whole backup in a folder."""
    return max((at for at, _ in _whole(root)), default=None)


def wait_until_due(
    root: Path,
    every: timedelta,
    pause: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Returns when the last whole backup is so old that another one is due."""
    before = last(root)
    if before is not None and (left := (before + every - now()).total_seconds()) > 0:
        pause(left)


def thinned(root: Path, now: datetime, ages: Ages) -> list[Path]:
    """Throws away what is kept no longer, and what was left half done; says what. The newest whole
    one is never among them.
    """
    whole = sorted(_whole(root), reverse=True)
    stays = kept([at for at, _ in whole], now, ages)
    goes = [folder for at, folder in whole if at not in stays]
    for folder in root.iterdir():
        begun = _begun(folder)
        if begun and not (folder / FILE).exists() and now - begun > GIVEN_UP_AFTER:
            goes.append(folder)
    for folder in goes:
        shutil.rmtree(folder)
    return goes


def kept(moments: Sequence[datetime], now: datetime, ages: Ages) -> set[datetime]:
    """Which of the backups of these moments stay."""
    newest_first = sorted(moments, reverse=True)
    stays = set(newest_first[:1])
    days: set[str] = set()
    months: set[str] = set()
    for at in newest_first:
        age, local = now - at, at.astimezone(CITY)
        day, month = local.strftime("%Y-%m-%d"), local.strftime("%Y-%m")
        if (
            age <= timedelta(days=ages.all)
            or (age <= timedelta(days=ages.daily) and day not in days)
            or (age <= timedelta(days=ages.monthly) and month not in months)
        ):
            stays.add(at)
        days.add(day)
        months.add(month)
    return stays


def _whole(root: Path) -> list[tuple[datetime, Path]]:
    return [
        (load(folder).at, folder)
        for folder in root.iterdir()
        if _begun(folder) and (folder / FILE).exists()
    ]


def _begun(folder: Path) -> datetime | None:
    """When a backup was begun, by its folder's name; None for what is none of ours."""
    try:
        return datetime.strptime(folder.name, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
