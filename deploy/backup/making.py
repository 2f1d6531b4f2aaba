"""A backup made: all stores at one moment, with Kafka's offsets from just before it."""

import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.backup.files import private_folder
from deploy.backup.manifest import FORMAT, Manifest, Store, save
from deploy.backup.platform import Place, Platform
from deploy.backup.stores import dump, next_moment, note_made, wait_for
from deploy.backup.topics import positions
from deploy.local.layout import ROOT

STORES_AT_ONCE = 4


def make(
    platform: Platform,
    folder: Path,
    key: bytes | None,
    say: Callable[[str], None] = print,
    every: timedelta | None = None,
) -> Manifest:
    """Writes a backup into a new folder, while services run. It has everything that was
    acknowledged before this was called. That it is there is noted in each store, and that another
    one follows `every` so often.

    The manifest is written last: a folder without one was left half done. Raises LocalError.
    """
    private_folder(folder)
    kafka = positions(platform.kafka)
    moment = next_moment(platform.stores)
    wait_for(platform.stores, moment)

    def one(place: Place) -> Store:
        store = dump(place, moment, folder, key)
        say(f"{place.service}: {sum(one.documents for one in store.collections)} documents")
        return store

    with ThreadPoolExecutor(STORES_AT_ONCE) as threads:
        stores = list(threads.map(one, platform.stores))
    manifest = Manifest(
        FORMAT, datetime.fromtimestamp(moment, UTC), _version(), key is not None, stores, kafka
    )
    save(folder, manifest)
    for place in platform.stores:
        note_made(place, manifest.at, every)
    return manifest


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
