"""What the rules of messages are told of the world."""

from collections.abc import Mapping
from datetime import datetime

from services.notifications.domain.addressee import Addressee
from services.notifications.domain.message import Message, Post
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Facts


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Of a message: whether its recipient's inbox is closed."""
    addressees: Mapping[str, Addressee] = copies["addressee"]

    def is_closed(_id: str, command: Command, _message: Message, _now: datetime) -> bool:
        if not isinstance(command, Post):
            return False
        found = addressees.get(command.recipient)
        return found is not None and found.closed

    return {"message": is_closed}
