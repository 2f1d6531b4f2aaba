"""A durable transaction: tried again where the server gave it up, never where another won."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import ConnectionFailure, PyMongoError

from shared.runtime.clock import Clock
from shared.runtime.journal import Conflict, Doc, Unavailable
from shared.runtime.mongo_driver import Driver, is_conflict, reaching

Statements = Callable[[AsyncClientSession], Awaitable[None]]

ATTEMPTS = 4
COMMIT_SECONDS = 4.0
"""How long an unanswered commit is repeated before its outcome is reported as unknown."""


class Transactions:
    """Runs transactions on one client."""

    def __init__(
        self, client: AsyncMongoClient[Doc], driver: Driver, clock: Clock, hosts: str
    ) -> None:
        self._client = client
        self._driver = driver
        self._clock = clock
        self._hosts = hosts

    async def run(self, statements: Statements) -> None:
        """Runs and commits. Raises `Conflict` (nothing happened) or `Unavailable` (unknown)."""
        with reaching(self._hosts):
            for attempt in range(ATTEMPTS):
                if attempt:
                    await self._clock.sleep(0.05 * attempt)
                if await self._try(statements):
                    return
        raise Unavailable(f"MongoDB at {self._hosts} gave up a transaction {ATTEMPTS} times")

    async def _try(self, statements: Statements) -> bool:
        """Whether it is written; False when the server gave it up for reasons of its own."""
        session = await self._driver.start_session(self._client)
        try:
            await self._driver.start_transaction(session)
            await statements(session)
            await self._commit(session)
            return True
        except PyMongoError as error:
            if is_conflict(error):
                raise Conflict("a version or a cause was taken by somebody else") from error
            if isinstance(error, ConnectionFailure):
                raise
            if error.has_error_label("TransientTransactionError"):
                return False
            raise
        finally:
            # Aborts what was not committed; a server that cannot be told does so by itself.
            with suppress(PyMongoError):
                await session.end_session()

    async def _commit(self, session: AsyncClientSession) -> None:
        until = self._clock.monotonic() + COMMIT_SECONDS
        while True:
            try:
                await session.commit_transaction()
                return
            except PyMongoError as error:
                if not error.has_error_label("UnknownTransactionCommitResult"):
                    raise
                if self._clock.monotonic() >= until:
                    raise Unavailable(
                        f"MongoDB at {self._hosts} did not say whether it committed"
                    ) from error
            # A commit may be repeated as often as one likes.
            await self._clock.sleep(0.1)
