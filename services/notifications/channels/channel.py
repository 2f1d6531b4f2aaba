"""A channel (通道): a client of whoever brings messages to people by one way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.notifications.domain.ways import Way


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. `id` is the message's: whoever gets the same id twice has got one message.

    `about` is the stream it tells of. `unsubscribe` is a link with which the recipient ends such
    mail without signing in, None where there is none.
    """

    id: str
    title: str
    body: str
    language: str
    about: str
    now: datetime
    expires: datetime | None = None
    urgent: bool = False
    unsubscribe: str | None = None


class NotSent(Exception):
    """The provider has not taken it.

    `code` is stable and says nothing of the person. `permanent`: it never will take it;
    `bad_address`: nobody is reached there any more. `trouble`: it is the provider that is in
    trouble, or asks for a pause of `retry_after` seconds, so others would fail as well.
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool = False,
        bad_address: bool = False,
        trouble: bool = False,
        retry_after: int = 0,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent or bad_address
        self.bad_address = bad_address
        self.trouble = trouble
        self.retry_after = retry_after


class Channel(Protocol):
    """Sends letters by one way. It gives up within
    `services.notifications.desk.LONGEST_SENDING` seconds.
    """

    @property
    def way(self) -> Way:
        """The way."""
        ...

    def provider(self, address: Mapping[str, Any]) -> str:
        """Who would take a letter to this address: what is in trouble as one. Empty where the way
        has one provider for all.
        """
        ...

    async def send(self, letter: Letter, address: Mapping[str, Any]) -> str:
        """Hands the letter over; what the provider calls it, empty where it says nothing.
        `address` are the fields of the personal event that gave it. Raises `NotSent`.
        """
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...
