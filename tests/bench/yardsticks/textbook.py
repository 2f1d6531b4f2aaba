"""The yardstick `textbook`: the transactional outbox as it is usually written by hand.

One transaction per POST writes the document and an outbox row; a process beside asks the outbox
every 100 ms and publishes what it finds. It reads in batches and waits for a batch at once, not for
each message: the pattern done well, with nothing of Jinlin's in it.
"""

import asyncio
import json
import multiprocessing
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import uvloop
from aiokafka import AIOKafkaProducer
from fastapi import FastAPI
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.write_concern import WriteConcern

from tests.bench.yardsticks.settings import Filed, Petition, YardstickSettings, serve

POLL = 0.1
"""Seconds between two looks into an empty outbox."""
BATCH = 500
"""Rows of the outbox published together."""
DURABLE = WriteConcern(w="majority", j=True)


async def relay_once(outbox: Any, producer: AIOKafkaProducer, topic: str) -> int:
    """Publishes the oldest rows and marks them; returns how many there were."""
    rows = await outbox.find({"published": False}).sort("_id", 1).limit(BATCH).to_list(BATCH)
    if not rows:
        return 0
    sent = [
        await producer.send(topic, json.dumps(row["event"]).encode(), key=row["key"].encode())
        for row in rows
    ]
    await asyncio.gather(*sent)
    ids = [row["_id"] for row in rows]
    await outbox.update_many({"_id": {"$in": ids}}, {"$set": {"published": True}})
    return len(rows)


async def relay(settings: YardstickSettings) -> None:
    """Publishes as long as the process that started this one lives; without a pause while there is
    a full batch.
    """
    starter = os.getppid()
    client: Any = AsyncIOMotorClient(settings.mongo_uri)
    outbox = client[settings.database]["outbox"]
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all") as producer:
        while os.getppid() == starter:
            if await relay_once(outbox, producer, settings.topic) < BATCH:
                await asyncio.sleep(POLL)


def run_relay(settings: YardstickSettings) -> None:
    """The relay's process."""
    uvloop.run(relay(settings))


def build_app(settings: YardstickSettings) -> FastAPI:
    """The application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        client: Any = AsyncIOMotorClient(settings.mongo_uri)
        database = client[settings.database]
        petitions, outbox = database["petitions"], database["outbox"]
        await petitions.create_index("number", unique=True)
        await outbox.create_index([("published", 1), ("_id", 1)])
        app.state.client, app.state.petitions, app.state.outbox = client, petitions, outbox
        yield
        client.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/petitions", status_code=201)
    async def file(petition: Petition) -> Filed:
        id = uuid4().hex
        now = datetime.now(UTC)
        document = {"_id": id, "number": id, "at": now, "status": "new", **petition.model_dump()}
        event = {
            "type": "PetitionFiled",
            "petition": id,
            "kind": petition.kind,
            "category": petition.category,
            "place": petition.place,
            "at": now.isoformat(),
        }
        row = {"key": id, "event": event, "published": False, "at": now}
        client = app.state.client
        async with (
            await client.start_session() as session,
            session.start_transaction(write_concern=DURABLE),
        ):
            await app.state.petitions.insert_one(document, session=session)
            await app.state.outbox.insert_one(row, session=session)
        return Filed(id=id)

    @app.get("/readyz")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    return app


if __name__ == "__main__":
    own = YardstickSettings.read()
    publishing = multiprocessing.get_context("spawn").Process(
        target=run_relay, args=(own,), daemon=True
    )
    publishing.start()
    serve(build_app(own), own.port)
    publishing.terminate()
