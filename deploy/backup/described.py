"""The file in which a folder says what is in it: written last, and without it the folder is
nothing.
"""

from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from deploy.backup.files import write_private
from deploy.backup.troubles import Damaged


class Description(Protocol):
    """`format` names what it is a description of, and which edition of that."""

    @property
    def format(self) -> str: ...


D = TypeVar("D", bound=Description)


def save(file: Path, description: Description) -> None:
    """Writes it."""
    write_private(file, [msgspec.json.format(msgspec.json.encode(description), indent=1)])


def load(file: Path, of: type[D], format: str, what: str) -> D:
    """Reads that of a folder that should be `what`. Raises `Damaged`."""
    try:
        description = msgspec.json.decode(file.read_bytes(), type=of)
    except FileNotFoundError:
        raise Damaged(f"{file.parent} is no {what}: it has no {file.name}") from None
    except msgspec.DecodeError as error:
        raise Damaged(f"{file}: {error}") from None
    if description.format != format:
        raise Damaged(f"{file.parent} is in another format: {description.format}")
    return description
