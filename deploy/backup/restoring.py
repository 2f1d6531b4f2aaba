"""A backup put back, and its seams to Kafka and to one another told and mended."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from deploy.backup.files import private_folder, write_private
from deploy.backup.making import STORES_AT_ONCE
from deploy.backup.manifest import Manifest, load, verify
from deploy.backup.platform import Place, Platform
from deploy.backup.seam import Lost, Seam, fill_numbers, lost_of, without_cause
from deploy.backup.stores import begin_anew, fill, need_empty
from deploy.backup.topics import longest_retention, need_idle, set_back, tail
from shared.contracts.community import ResidentErased
from shared.contracts.envelope import type_of
from shared.contracts.ledger import TreeHeadSigned

REPORT, LOST_EVENTS = "report.json", "lost-events.jsonl"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: `since` is from when on events are published again."""

    manifest: Manifest
    services: tuple[str, ...]
    since: datetime
    seam: Seam
    folder: Path
    """Where the report lies, and the lost events that Kafka still had."""

    def lines(self) -> list[str]:
        """It in words, for who restored it."""
        seam = self.seam
        return [
            f"restored to {self.manifest.at.isoformat()}: {', '.join(self.services)}",
            f"relays publish again what was written since {self.since.isoformat()}",
            f"lost after the moment, by what Kafka had: {len(seam.published)} events"
            + _by_type(seam.published),
            f"effects whose cause no commit knows: {len(seam.acted_on)}"
            + _by_service(seam.acted_on),
            f"numbers of lost commits filled in, so that none is given twice: {seam.filled}",
            f"streams that began after the moment, and are gone: {len(seam.begun)}",
            *_warnings(seam.published),
            f"all of it: {self.folder}",
        ]


def _warnings(lost: Sequence[Lost]) -> list[str]:
    """What of the lost somebody has to act upon, or the platform breaks its word."""
    counted = Counter(one.type for one in lost)
    found = []
    if erased := counted[type_of(ResidentErased)]:
        found.append(
            f"{erased} residents were erased after the moment and are back: erase them again"
        )
    if heads := counted[type_of(TreeHeadSigned)]:
        found.append(
            f"the ledger had signed {heads} heads after the moment: its log must not go on under "
            "its name (docs/guides/backup.md)"
        )
    return found


def _by_type(lost: Sequence[Lost]) -> str:
    counted = Counter(one.type for one in lost)
    return "".join(f"\n    {count} {type}" for type, count in counted.most_common())


def _by_service(lost: Sequence[Lost]) -> str:
    counted = Counter((one.service, service) for one in lost for service in one.known_to)
    return "".join(
        f"\n    {n} of {origin} in {service}" for (origin, service), n in counted.items()
    )


def restore(
    platform: Platform,
    backup: Path,
    key: bytes | None,
    report: Path,
    *,
    services: Sequence[str] = (),
    replace: bool = False,
    say: Callable[[str], None] = print,
) -> Restored:
    """Puts a backup back into the stores of a platform whose services are stopped, all of them or
    only those of `services`. `report` is a new folder for what is to be told.

    Refuses stores in which something is, unless they are to be replaced, and files that are not
    what was written. Begun again where it broke off, with `replace`, it does the same. Raises
    LocalError.
    """
    manifest = load(backup)
    names = tuple(services) or tuple(store.service for store in manifest.stores)
    chosen = platform.only(names)
    verify(backup, manifest)
    need_idle(platform.kafka)
    if not replace:
        for place in chosen.stores:
            need_empty(place)
    private_folder(report)

    def one(place: Place) -> None:
        fill(place, backup, manifest.of(place.service), key, manifest.sealed)
        say(f"{place.service}: restored")

    with ThreadPoolExecutor(STORES_AT_ONCE) as threads:
        list(threads.map(one, chosen.stores))
    since = _since(manifest, names)
    for place in chosen.stores:
        begin_anew(place, since)
    seam = _mend(platform, chosen, manifest, report)
    set_back(platform.kafka, names, manifest.kafka)
    done = Restored(manifest, names, since, seam, report)
    _tell(done)
    return done


def _since(manifest: Manifest, services: Sequence[str]) -> datetime:
    """From when on commits are published again: all that a topic would have, and what was in none
    yet.
    """
    kept = manifest.at - timedelta(hours=longest_retention(manifest.kafka))
    relayed = (manifest.of(service).relayed for service in services)
    return min([kept, *(at for at in relayed if at is not None)])


def _mend(platform: Platform, chosen: Platform, manifest: Manifest, report: Path) -> Seam:
    services = [place.service for place in chosen.stores]
    seam = Seam()

    def lines() -> Iterator[bytes]:
        for envelope in lost_of(chosen, tail(platform.kafka, services, manifest.kafka.ends)):
            seam.published.append(Lost(envelope.id, envelope.type))
            yield envelope.to_bytes() + b"\n"

    write_private(report / LOST_EVENTS, lines())
    acted_on = without_cause(platform, manifest.at)
    seam.acted_on += [lost for lost in acted_on if lost.service in services]
    for place in chosen.stores:
        of_it = [one for one in (*seam.published, *seam.acted_on) if one.service == place.service]
        fill_numbers(place, of_it, seam)
    return seam


def _tell(done: Restored) -> None:
    told: dict[str, Any] = {
        "moment": done.manifest.at,
        "services": done.services,
        "published_again_since": done.since,
        **asdict(done.seam),
    }
    write_private(done.folder / REPORT, [orjson.dumps(told, option=orjson.OPT_INDENT_2)])
