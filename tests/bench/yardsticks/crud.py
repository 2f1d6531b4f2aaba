"""The yardstick `crud`: one journaled majority insert per POST, no events at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from pymongo import AsyncMongoClient
from pymongo.write_concern import WriteConcern

from tests.bench.yardsticks.settings import Filed, Petition, YardstickSettings, serve


def build_app(settings: YardstickSettings) -> FastAPI:
    """The application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(settings.mongo_uri)
        app.state.petitions = client[settings.database].get_collection(
            "petitions", write_concern=WriteConcern(w="majority", j=True)
        )
        await app.state.petitions.create_index("number", unique=True)
        yield
        await client.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/petitions", status_code=201)
    async def file(petition: Petition) -> Filed:
        id = uuid4().hex
        now = datetime.now(UTC)
        document = {"_id": id, "number": id, "at": now, "status": "new", **petition.model_dump()}
        await app.state.petitions.insert_one(document)
        return Filed(id=id)

    @app.get("/readyz")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    return app


if __name__ == "__main__":
    own = YardstickSettings.read()
    serve(build_app(own), own.port)
