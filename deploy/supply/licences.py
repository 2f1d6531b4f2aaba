"""The licences of what the image has: listed, and held to those that somebody looked at."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from deploy.supply.locked import Package

PERMITTED = frozenset(
    {
        "0BSD",
        "3-Clause BSD License",
        "Apache 2",
        "Apache Software License",
        "Apache-2.0",
        "BSD License",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT License",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Python Software Foundation License",
        "Zlib",
        # Whoever changes a file of it publishes that file; we change none.
        "MPL-2.0",
        "Mozilla Public License 2.0 (MPL 2.0)",
    }
)
LOOKED_AT = {
    "python-stdnum": "LGPL: used as it is, as a library that anybody may replace",
}
"""What has another licence, and why it may be here."""


def unknown(packages: Iterable[Package]) -> list[str]:
    """A line for each package whose licence nobody has looked at."""
    return [
        f"{one.name} {one.version}: {' and '.join(one.licences) or 'it says nothing of it'}"
        for one in packages
        if one.name not in LOOKED_AT and not (one.licences and PERMITTED.issuperset(one.licences))
    ]


def write(packages: Iterable[Package], file: Path) -> None:
    """The list as CSV."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("package", "version", "licences", "remark"))
        for one in packages:
            remark = LOOKED_AT.get(one.name, "")
            rows.writerow((one.name, one.version, "; ".join(one.licences), remark))
