"""Who is fit for a role: asked before somebody gets a place, when they come, and again whenever
something changes: the activity's time, a guardian's consent, a training.
"""

from services.volunteering.domain.activities.state import Activity, role_named
from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.volunteer_state import Conditions, Volunteer, lacking

REASONS = {
    "not-a-volunteer": "stopped",
    "volunteer-suspended": "suspended",
    "suspended-in-the-team": "suspended",
    "not-in-the-team": "left-team",
}
"""What is said of a place that is lost, where it has another name than what somebody lacks."""


def must_be_fit(activity: Activity, role: str, person: Volunteer | None) -> None:
    """Raises `Rejected` where somebody may not take part in that role."""
    refuse_unfit(person, _asked(activity, role), activity.begin)


def unfit(activity: Activity, role: str, person: Volunteer | None) -> str | None:
    """Why somebody cannot keep what they have in that role; None where they can."""
    lacks = lacking(person, _asked(activity, role), activity.begin)
    return None if lacks is None else REASONS.get(lacks, lacks)


def _asked(activity: Activity, role: str) -> Conditions:
    return activity.roles[role_named(activity, role)].conditions(activity.team, activity.end)
