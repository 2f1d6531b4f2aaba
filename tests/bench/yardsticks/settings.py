"""What a yardstick is told, how it is served, and the body it takes: the same for all of them."""

import os
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field


class Petition(BaseModel):
    """The body of POST /petitions, with the fields and bounds of the real one."""

    kind: str = Field(max_length=20)
    title: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=20_000)
    place: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    category: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    channel: str = Field(default="web", pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")


class Filed(BaseModel):
    """The answer to it."""

    id: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class YardstickSettings:
    """Where its servers are and which port it takes."""

    mongo_uri: str
    database: str
    kafka_bootstrap: str
    topic: str
    port: int

    @classmethod
    def read(cls) -> "YardstickSettings":
        """From the environment. Raises KeyError for one that is missing."""
        return cls(
            mongo_uri=os.environ["YARDSTICK_MONGO_URI"],
            database=os.environ["YARDSTICK_DATABASE"],
            kafka_bootstrap=os.environ["YARDSTICK_KAFKA"],
            topic=os.environ["YARDSTICK_TOPIC"],
            port=int(os.environ["YARDSTICK_PORT"]),
        )


def serve(app: FastAPI, port: int) -> None:
    """One process on uvloop and httptools, without access log: as Jinlin's services are served."""
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
