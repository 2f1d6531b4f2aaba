"""Who may take part: what somebody lacks is said in words that tell them what to do about it."""

from datetime import datetime

from services.volunteering.domain.teams.volunteer_state import Conditions, Volunteer, lacking
from shared.runtime.aggregate import Rejected


def refuse_unfit(volunteer: Volunteer | None, asked: Conditions, begin: datetime) -> None:
    """Raises `Rejected` where somebody may not take part in what begins then."""
    match lacking(volunteer, asked, begin):
        case None:
            return
        case "not-a-volunteer":
            raise Rejected("not-a-volunteer", "register as a volunteer first")
        case "volunteer-suspended":
            raise Rejected("volunteer-suspended", "they are suspended on that day")
        case "guardian-must-consent":
            raise Rejected(
                "guardian-must-consent",
                "who is not of age needs a guardian's consent that is valid on that day",
            )
        case "not-for-minors":
            raise Rejected(
                "not-for-minors", "their guardian has not consented to this kind of work"
            )
        case "too-late-for-minors":
            raise Rejected(
                "too-late-for-minors", "who is not of age has to be done before this is over"
            )
        case "too-young":
            raise Rejected(
                "too-young", f"one must be {asked.least_age} or older", least=asked.least_age or 0
            )
        case "too-old":
            raise Rejected(
                "too-old", f"one must be {asked.most_age} or younger", most=asked.most_age or 0
            )
        case "training-missing":
            raise Rejected(
                "training-missing",
                f"these trainings must be valid on that day: {', '.join(asked.trainings)}",
                trainings=", ".join(asked.trainings),
            )
        case "suspended-in-the-team":
            raise Rejected("suspended-in-the-team", "they do not serve in this team on that day")
        case _:
            raise Rejected("not-in-the-team", "join the team first")
