"""Who hears what of teams and volunteers."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.teams import FitnessChange, TeamKind, Validity

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
T = "0195f00000000000000000000000beef"
CHEN, LIN, WANG, GUO = "chen", "lin", "wang", "guo"
"""A captain, a deputy, a member, somebody at the office or a guardian."""
LEADERS = (CHEN, LIN)


def left(because: str) -> v.TeamMemberLeft:
    return v.TeamMemberLeft(T, "area-1", WANG, because)


def ended(because: str) -> v.TeamApplicationEnded:
    return v.TeamApplicationEnded(T, WANG, because)


def ending(kind: Validity, training: str | None, guardian: str | None) -> v.ValidityEnding:
    return v.ValidityEnding(WANG, kind, training, guardian, NOON)


CASES: list[tuple[Event, dict[str, str]]] = [
    (
        v.TeamFounded(T, TeamKind.YOUTH, "青年队", "area-1", ("gl", "area-1"), CHEN),
        {CHEN: "team-captain"},
    ),
    (v.CaptainChanged(T, LIN, CHEN, ()), {LIN: "team-captain", CHEN: "team-captain-no-more"}),
    (v.CaptainChanged(T, None, CHEN, ()), {CHEN: "team-captain-no-more"}),
    (v.CaptainChanged(T, LIN, None, ()), {LIN: "team-captain"}),
    (v.DeputiesNamed(T, (LIN, WANG)), {LIN: "team-deputy", WANG: "team-deputy"}),
    (v.CaptainSought(T, WANG, NOON), {WANG: "team-captain-sought"}),
    (v.TeamLeaderless(T, "area-1", GUO, 1, NOON), {GUO: "team-leaderless"}),
    (v.TeamLeaderless(T, "area-1", None, 2, NOON), {}),
    (
        v.TeamSuspended(T, "area-1", NOON, "unsafe", LEADERS),
        {CHEN: "team-suspended", LIN: "team-suspended"},
    ),
    (v.TeamResumed(T, "area-1", LEADERS), {CHEN: "team-resumed", LIN: "team-resumed"}),
    (v.TeamApplied(T, WANG, LEADERS, NOON), {CHEN: "team-applied", LIN: "team-applied"}),
    (
        v.TeamApplicationWaiting(T, WANG, (CHEN,), GUO, NOON),
        {CHEN: "team-application-waiting", GUO: "team-application-waiting"},
    ),
    (v.TeamApplicationWaiting(T, WANG, (CHEN,), CHEN, NOON), {CHEN: "team-application-waiting"}),
    (ended("withdrawn"), {}),
    (ended("refused"), {WANG: "team-application-refused"}),
    (ended("lapsed"), {WANG: "team-application-unanswered"}),
    (v.TeamMemberJoined(T, "area-1", WANG, NOON), {WANG: "team-joined"}),
    (left("stopped"), {}),
    (left("dismissed"), {WANG: "team-left"}),
    (v.TeamMemberSuspended(T, WANG, NOON, "absent"), {WANG: "suspended-in-team"}),
    (v.TeamMemberResumed(T, WANG), {WANG: "resumed-in-team"}),
    (v.VolunteerRegistered(WANG, "area-1", ("gl", "area-1")), {WANG: "volunteer-welcome"}),
    (v.VolunteerTrained(WANG, "first-aid", NOON), {WANG: "trained"}),
    (v.VolunteerTrained(WANG, "basics", None), {WANG: "trained-for-good"}),
    (v.VolunteerInsured(WANG, NOON), {WANG: "volunteer-insured"}),
    (ending(Validity.TRAINING, "first-aid", None), {WANG: "training-ending"}),
    (ending(Validity.INSURANCE, None, None), {WANG: "insurance-ending"}),
    (
        ending(Validity.CONSENT, None, GUO),
        {WANG: "consent-ending", GUO: "consent-ending"},
    ),
    (
        v.VolunteerSuspended(WANG, "area-1", NOON, "complaint"),
        {WANG: "volunteer-suspended"},
    ),
    (v.VolunteerResumed(WANG, "area-1"), {WANG: "volunteer-resumed"}),
    (v.GuardianNamed(WANG, "area-1", GUO), {GUO: "guardian-named"}),
    (v.GuardianConfirmed(WANG, GUO), {GUO: "guardian-confirmed"}),
    (v.GuardianRefused(WANG, GUO), {GUO: "guardian-refused", WANG: "guardian-needed"}),
    (v.GuardianConsented(WANG, GUO, (Work.ACTIVITY,), NOON), {WANG: "guardian-consented"}),
    (v.GuardianConsentWithdrawn(WANG, GUO), {WANG: "guardian-consent-withdrawn"}),
    (v.TeamRenamed(T, "青年志愿队"), {}),
    (v.TeamMoved(T, "area-1", ("gl", "area-1")), {}),
    (v.TeamTrained(T, "first-aid", NOON, (WANG,)), {}),
    (v.TeamInsured(T, NOON, (WANG,)), {}),
    (v.TeamDissolved(T, "area-1"), {}),
    (v.VolunteerMoved(WANG, "area-1", ("gl", "area-1")), {}),
    (v.VolunteerFitnessChanged(WANG, FitnessChange.TRAINING), {}),
    (v.VolunteerStopped(WANG, "own-wish"), {}),
    (v.NamingAgreed(WANG), {}),
    (v.NamingWithdrawn(WANG), {}),
]
