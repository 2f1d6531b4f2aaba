"""What a message weighs in its store: ``python -m tests.capacity.weighing`` posts some to a MongoDB
of its own and divides what the store has grown by.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from deploy.local.servers import MongoServer
from shared.runtime.subscriber import AT_ONCE
from tests.bench.telling import at_most, opened, post

MESSAGES = 40_000
DATABASE = "weighing"


def weigh(uri: str) -> float:
    """Bytes of a message: its commit, its state and what both take in indexes, compressed as they
    lie on the disk.
    """
    asyncio.run(_post_all(uri))
    with MongoClient[dict[str, Any]](uri) as client:
        client.admin.command("fsync")
        size = client[DATABASE].command("dbStats")
        return float(size["storageSize"] + size["indexSize"]) / MESSAGES


async def _post_all(uri: str) -> None:
    running = await opened(uri, DATABASE)
    await at_most(AT_ONCE, (post(running.store, number) for number in range(MESSAGES)))
    await running.stop()


def main() -> None:
    """Prints it."""
    with tempfile.TemporaryDirectory() as folder:
        server = MongoServer(Path(folder)).start()
        try:
            print(f"{weigh(server.uri):.0f} bytes a message")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
