"""notifications as a version with a defect would be: it cannot bear petitions of one category."""

from services.notifications.main import service
from services.notifications.reactions import reactions
from shared.contracts import petitions
from shared.runtime.reactions import About, Do

UNBEARABLE = "conduct"


class Defect(Exception):
    """What a programmer overlooked."""


async def stumble(event: petitions.PetitionFiled, about: About, do: Do) -> None:
    """Raises for the category; all else goes its way."""
    if event.category == UNBEARABLE:
        raise Defect


if __name__ == "__main__":
    reactions.on(petitions.PetitionFiled)(stumble)
    service.run()
