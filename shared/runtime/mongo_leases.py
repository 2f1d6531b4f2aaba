"""Small documents in MongoDB: who leads and how far they have come, and rows of numbers."""

from typing import Any

from bson import Int64
from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from shared.runtime.journal import Doc, Fenced, Position
from shared.runtime.mongo_driver import reaching


class Leases:
    """Leases and the positions they guard, one document for each; as
    `shared.runtime.journal.Journal` has them.
    """

    def __init__(self, collection: AsyncCollection[Doc], hosts: str) -> None:
        self._collection = collection
        self._hosts = hosts

    async def take(self, name: str, holder: str, seconds: float) -> int | None:
        # The server's clock alone decides: a host whose clock jumps neither keeps nor steals it.
        mine = {"$eq": ["$holder", {"$literal": holder}]}
        free = {"$not": [{"$gt": ["$until", "$$NOW"]}]}
        next_fence = {"$add": [{"$ifNull": ["$fence", 0]}, 1]}
        taken = {
            "fence": {"$cond": [mine, "$fence", next_fence]},
            "holder": {"$literal": holder},
            "until": {"$add": ["$$NOW", int(seconds * 1000)]},
        }
        # The condition stands in the update, because a filter with $expr may not upsert.
        may = {"$or": [mine, free]}
        update = {name: {"$cond": [may, value, f"${name}"]} for name, value in taken.items()}
        with reaching(self._hosts):
            try:
                lease: Any = await self._collection.find_one_and_update(
                    {"_id": name},
                    [{"$set": update}],
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:
                # Two came first at the same moment, and the other one was faster.
                return None
        return int(lease["fence"]) if lease["holder"] == holder else None

    async def release(self, name: str, holder: str) -> None:
        with reaching(self._hosts):
            await self._collection.update_one(
                {"_id": name, "holder": holder}, {"$set": {"holder": None, "until": None}}
            )

    async def position(self, name: str) -> Position | None:
        with reaching(self._hosts):
            lease = await self._collection.find_one({"_id": name})
        if lease is None or "position" not in lease:
            return None
        return Position(lease["position"]["token"], lease["position"]["at"])

    async def save_position(self, name: str, position: Position, fence: int) -> None:
        saved = {"token": position.token, "at": position.at}
        with reaching(self._hosts):
            # In the lease's own document, so that the check and the writing are one step.
            result = await self._collection.update_one(
                {"_id": name, "fence": fence}, {"$set": {"position": saved}}
            )
        if result.matched_count == 0:
            raise Fenced(f"the lease {name} has another holder than number {fence}")


async def take_numbers(collection: AsyncCollection[Doc], hosts: str, name: str, count: int) -> int:
    """As `shared.runtime.journal.Journal.take_numbers` has it."""

    async def take() -> Any:
        return await collection.find_one_and_update(
            {"_id": name},
            {"$inc": {"last": Int64(count)}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )

    with reaching(hosts):
        try:
            taken = await take()
        except DuplicateKeyError:
            # Two came first at the same moment; by now the row is there.
            taken = await take()
    return int(taken["last"]) - count + 1
