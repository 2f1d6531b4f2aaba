"""`docker compose run --rm prepare`: makes the secrets that the compose file gives to containers, a
file for each, in a folder that nobody else may look into. What is there already stays.
JINLIN_STORE_MEMBERS says of how many members the stores are, one where it is not set.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from deploy.backup.sealing import KEY
from deploy.compose.stores import BACKUP, DATABASE, REPLICA_SET, members
from deploy.local.issuer import new_key
from deploy.local.layout import SERVICES
from deploy.local.people import SECRET
from shared.merkle.ed25519 import new_signer

LOG = "jinlin.local/ledger"
"""The name of the ledger's log: the city's own goes here before anything is sealed."""
STORE_KEY_BYTES = 512
"""MongoDB takes 6 to 1024 characters."""
RANDOM = (
    "query_code_secret",
    "check_in_secret",
    "calendar_feed_secret",
    "till_code_secret",
    "sign_code_secret",
    "contact_secret",
    "cookie_secret",
    "keycloak_admin",
    "grafana_admin",
)

Maker = Callable[[], str]


def makers(count: int = 1) -> Mapping[str, Maker]:
    """How each secret is made, by the name of its file, for stores of so many members."""
    of_stores: dict[str, Maker] = {}
    for name in SERVICES:
        of_stores[f"{name}_store_key"] = _store_key
        of_stores[f"{name}_store_admin"] = _random
        of_stores[f"{name}_store_uri"] = _store_uri(name, name, count)
        of_stores[f"{name}_backup_uri"] = _store_uri(name, BACKUP, count)
    return {
        **dict.fromkeys(RANDOM, _random),
        "ledger_key": lambda: new_signer(LOG).secret,
        "issuer_key": lambda: json.dumps(new_key().as_dict(private=True)),
        # Clients of the development issuer and of the realm that comes along. At the city's own
        # issuer they have others, which go into these files.
        "gateway_client_secret": lambda: SECRET,
        "alertmanager": lambda: SECRET,
        "backup_key": lambda: base64.b64encode(secrets.token_bytes(KEY)).decode(),
        **of_stores,
    }


def prepare(folder: Path, count: int = 1) -> list[str]:
    """Makes what is missing; the names of what was made."""
    folder.mkdir(parents=True, exist_ok=True)
    # Containers get the files one by one, whoever they run as; on the machine the folder is shut.
    folder.chmod(0o700)
    missing = {name: make for name, make in makers(count).items() if not (folder / name).exists()}
    for name, make in missing.items():
        file = folder / name
        file.write_text(make(), encoding="utf-8")
        file.chmod(0o444)
    return sorted(missing)


def _random() -> str:
    return secrets.token_urlsafe(48)


def _store_key() -> str:
    return base64.b64encode(secrets.token_bytes(STORE_KEY_BYTES)).decode()


def _store_uri(service: str, user: str, count: int) -> Maker:
    # All of them: who knows the first alone finds no store while that one is away.
    hosts = ",".join(members(service, count))
    return lambda: (
        f"mongodb://{quote(user)}:{_random()}@{hosts}/"
        f"?replicaSet={REPLICA_SET}&authSource={DATABASE.format(service)}"
    )


if __name__ == "__main__":
    made = prepare(Path(sys.argv[1]), int(os.environ.get("JINLIN_STORE_MEMBERS", "1")))
    print(f"{len(made)} secrets made" if made else "every secret is there already")
