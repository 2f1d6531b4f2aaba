"""The checked-in contracts: which there are, and where their files lie."""

from pathlib import Path

from shared.contracts.envelope import SERVICES, public_events
from shared.contracts.event import Event

HERE = Path(__file__).parent


def contracts() -> dict[str, type[Event]]:
    """All public events of all services."""
    return {type: cls for service in SERVICES for type, cls in public_events(service).items()}


def schema_file(directory: Path, type: str) -> Path:
    """Where the schema of an event version lies."""
    return directory / "schemas" / _file(type)


def sample_file(directory: Path, type: str) -> Path:
    """Where the golden sample of an event version lies."""
    return directory / "samples" / _file(type)


def _file(type: str) -> Path:
    service, name = type.removeprefix("cn.jinlin.").split(".", 1)
    return Path(service) / f"{name}.json"
