"""The packages of the image as its lock has them, with what each says of its licence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata

from packaging.markers import Marker

from deploy.local.lock import IMAGE_LOCK

_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?: ; ([^\\\n]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^    # (?:  |via )(?!-c )([A-Za-z0-9._-]+)", re.MULTILINE)
_SPDX = re.compile(r"[A-Za-z0-9.+-]+")
_CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Package:
    """One package: `digests` are of its files (SHA-256), `wanted_by` what needs it, `licences` what
    it says itself, none where it says nothing.
    """

    name: str
    version: str
    digests: tuple[str, ...]
    wanted_by: tuple[str, ...]
    licences: tuple[str, ...]


def packages() -> list[Package]:
    """Those of the lock that this Python takes, by name. Raises PackageNotFoundError where one is
    not installed here.
    """
    blocks = re.split(r"\n(?=[A-Za-z0-9])", IMAGE_LOCK.read_text(encoding="utf-8"))
    found = [
        (block, match)
        for block in blocks
        if (match := _ENTRY.match(block)) and (match[3] is None or Marker(match[3]).evaluate())
    ]
    return [
        Package(
            name=match[1],
            version=match[2],
            digests=tuple(_HASH.findall(block)),
            wanted_by=tuple(_VIA.findall(block)),
            licences=_licences(match[1]),
        )
        for block, match in found
    ]


def _licences(name: str) -> tuple[str, ...]:
    """Those of the SPDX expression where there is one; else the classifiers, which are from a list;
    else the first line of whatever was written.
    """
    told = metadata.metadata(name)
    for expression in told.get_all("License-Expression") or ():
        return tuple(one for one in _SPDX.findall(expression) if one not in ("AND", "OR", "WITH"))
    classifiers = [
        one.removeprefix(_CLASSIFIER)
        for one in told.get_all("Classifier") or ()
        if one.startswith(_CLASSIFIER)
    ]
    if classifiers:
        return tuple(sorted(classifiers))
    written = [one.strip().partition("\n")[0] for one in told.get_all("License") or ()]
    return tuple(filter(None, written))
