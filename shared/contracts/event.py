"""What an event is, and how its class tells who may see it."""

import re
from typing import ClassVar


class Event:
    """Something that happened. Subclasses are frozen dataclasses in the past tense.

    Where the class lives decides who sees it: in ``shared.contracts.<service>`` it is public and
    published, in a service's ``domain`` it is private and only kept in the commits.
    """

    forgets: ClassVar[bool] = False
    """Whether all that the stream's dossier holds up to this event is deleted with it, for ever.
    Commits, state and the record of who read the dossier stay.
    """


class Personal(Event):
    """An event with names, phones, addresses, free text or attachments.

    It goes to the aggregate's dossier, never to commits or topics, and is not folded into the
    state. The commit keeps only that it happened.
    """


_VERSIONED = re.compile(r"^(?P<name>.+?)(?:V(?P<version>[1-9]\d*))?$")


def name_and_version(event: type[Event]) -> tuple[str, int]:
    """``PetitionFiled`` is version 1 of its event; a breaking change is a class ``PetitionFiledV2``
    beside it.
    """
    match = _VERSIONED.match(event.__name__)
    assert match is not None
    return match["name"], int(match["version"] or 1)


def emitting_service(event: type[Event]) -> str | None:
    """The service whose public language has this event, or None for a private one."""
    within = event.__module__.split(".")
    return within[2] if within[:2] == ["shared", "contracts"] and len(within) > 2 else None
