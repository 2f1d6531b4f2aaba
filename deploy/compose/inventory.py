"""`python -m deploy.compose.inventory TIME`: what each store holds of commits up to a time (as in
RFC 3339), how many and their digest, as one line of JSON. Two that are the same: nothing was lost.
"""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import datetime

from bson import json_util

from deploy.demo.evidence import Stores
from deploy.local.layout import SERVICES

Inventory = dict[str, tuple[int, str]]
"""By service, the number of its commits and the digest of all of them."""


def inventory(until: datetime) -> Inventory:
    """Reads every commit of every service up to then."""
    with Stores() as stores:
        return {service: _held(stores, service, until) for service in SERVICES}


def _held(stores: Stores, service: str, until: datetime) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for commit in stores.of(service)["commits"].find({"at": {"$lte": until}}).sort("_id"):
        count += 1
        digest.update(json_util.dumps(commit, sort_keys=True).encode())
    return count, digest.hexdigest()


if __name__ == "__main__":
    print(json.dumps(inventory(datetime.fromisoformat(sys.argv[1]))))
