"""One event of every kind and course that somebody might have to know of."""

from datetime import UTC, datetime

from shared.contracts import community as c
from shared.contracts import notifications as n
from shared.contracts import petitions as p
from shared.contracts import subscriptions as s
from shared.contracts.event import Event
from shared.contracts.types import Level, OrganisationKind, PetitionKind, PlaceKind, Urgency
from tests.services.notifications import ledger, mediation, volunteering

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""
P = "0195f00000000000000000000000abcd"
WANG, LIN, CHEN = "wang", "lin", "chen"
"""The petitioner; the person in charge; somebody else."""


def reached(because: str, petitioner: str | None = WANG) -> p.PetitionReachedLevel:
    return p.PetitionReachedLevel(P, Level.AREA, "area-1", NOON, NOON, because, petitioner)


def overdue(level: Level, days: int) -> p.PetitionOverdue:
    return p.PetitionOverdue(P, level, "area-1", LIN, NOON, days, WANG)


def closed(outcome: str) -> p.PetitionClosed:
    return p.PetitionClosed(P, outcome, Level.AREA, "area-1", "parking", WANG)


CASES: list[tuple[Event, dict[str, str]]] = [
    (
        p.PetitionFiled(
            P,
            PetitionKind.COMPLAINT,
            "parking",
            Urgency.NORMAL,
            "web",
            "b1",
            ("gl", "b1"),
            WANG,
            NOON,
        ),
        {WANG: "petition-received"},
    ),
    (reached("filed"), {}),
    (reached("rated-low"), {}),
    (reached("review"), {}),
    (reached("handed-up"), {WANG: "petition-handed-up"}),
    (reached("overdue"), {WANG: "petition-climbed"}),
    (reached("overdue", petitioner=None), {}),
    (
        p.PetitionAssigned(P, LIN, "property", Level.AREA, "area-1", NOON, "parking", WANG),
        {LIN: "duty-assigned", WANG: "petition-assigned"},
    ),
    (
        p.PetitionAssigned(P, WANG, "property", Level.AREA, "area-1", NOON, "parking", WANG),
        {WANG: "duty-assigned"},
    ),
    (p.PetitionTaken(P, LIN, Level.AREA, WANG), {WANG: "petition-taken"}),
    (p.PetitionDeadlineNear(P, Level.AREA, "area-1", LIN, NOON), {LIN: "deadline-near"}),
    (p.PetitionDeadlineNear(P, Level.AREA, "area-1", None, NOON), {}),
    (overdue(Level.AREA, 0), {LIN: "duty-overdue"}),
    (overdue(Level.DISTRICT, 0), {LIN: "duty-overdue", WANG: "petition-overdue"}),
    (overdue(Level.DISTRICT, 1), {LIN: "duty-overdue"}),
    (p.PetitionReturned(P, LIN, WANG), {WANG: "petition-needs-facts"}),
    (
        p.PetitionCommented(P, CHEN, LIN, WANG),
        {LIN: "duty-commented", WANG: "petition-commented"},
    ),
    (p.PetitionCommented(P, WANG, LIN, WANG), {LIN: "duty-commented"}),
    (p.PetitionCommented(P, LIN, LIN, WANG), {WANG: "petition-commented"}),
    (p.PetitionCommented(P, WANG, None, WANG), {}),
    (p.PetitionHandedUp(P, LIN, Level.AREA, Level.COMMUNITY), {}),
    (
        p.PetitionAnswered(P, LIN, Level.AREA, "area-1", "parking", True, NOON, WANG),
        {WANG: "petition-answered"},
    ),
    (p.PetitionRated(P, 2, False, Level.AREA, "area-1", "parking", LIN), {LIN: "duty-rated"}),
    (p.PetitionReopened(P, 1, Level.COMMUNITY, WANG), {WANG: "petition-reopened"}),
    (p.PetitionSentToReview(P, "gl", WANG), {WANG: "petition-in-review"}),
    (
        p.PetitionReopened(P, 1, Level.COMMUNITY, None, (LIN, CHEN)),
        {LIN: "supported-reopened", CHEN: "supported-reopened"},
    ),
    (p.PetitionSentToReview(P, "gl", None, (LIN,)), {LIN: "supported-in-review"}),
    (p.PetitionWithdrawn(P, LIN), {LIN: "duty-withdrawn"}),
    (p.PetitionWithdrawn(P, None), {}),
    *((closed(outcome), {WANG: "petition-closed"}) for outcome in ("solved", "rated", "unrated")),
    (closed("reviewed"), {WANG: "petition-closed"}),
    (closed("withdrawn"), {}),
    (c.PlaceRegistered("gl", PlaceKind.DISTRICT, "鼓楼区", ("gl",)), {}),
    (c.PlaceRenamed("gl", "鼓楼"), {}),
    (c.PlaceMoved("dj", "gl", ("gl", "dj")), {}),
    (c.PostAssigned("gl:property", "property", "gl", LIN, NOON), {LIN: "post-given"}),
    (
        c.PostAssigned("gl:property", "property", "gl", LIN, NOON, NOON),
        {LIN: "post-given-for-a-term"},
    ),
    *(
        (c.PostVacated("gl:property", "property", "gl", LIN, because), {LIN: "post-ended"})
        for because in ("relieved", "replaced", "term-ended", "place-closed")
    ),
    (c.PlaceSplit("b1", ("b2", "b3"), ("gl", "b1"), NOON), {}),
    (c.PlaceClosed("b1", ("b2",), NOON), {}),
    (c.PlaceHoursSet("gl", ((510, 720),), False, ("zh-Hans",), NOON), {}),
    (c.PatternAdopted("gl", "five", ("property",), (), 14), {}),
    (c.PostVacant("gl:property", "property", "gl", NOON, NOON), {}),
    (c.PostVacancyOverdue("gl:property", "property", "gl", NOON, NOON), {}),
    (
        c.PostVacancyOverdue("gl:property", "property", "gl", NOON, NOON, "jm", LIN, NOON),
        {LIN: "vacancy-overdue"},
    ),
    (
        c.DeputyStandsIn("gl:property", "gl", "property", LIN, WANG, NOON, NOON),
        {WANG: "standing-in"},
    ),
    (c.HolderAway("gl:property", "gl", "property", LIN, NOON, NOON), {}),
    (c.HolderReturned("gl:property", "gl", "property", LIN), {}),
    (
        c.RotaPublished("gl:may", "gl", ((NOON, NOON, LIN), (NOON, NOON, WANG)) * 2),
        {LIN: "on-the-rota", WANG: "on-the-rota"},
    ),
    (c.RotaSwapProposed("gl:may", "gl", LIN, WANG, 0, 1, NOON), {WANG: "swap-proposed"}),
    (c.RotaSwapEnded("gl:may", "gl", LIN, WANG, 0, 1, "withdrawn"), {}),
    *(
        (c.RotaSwapEnded("gl:may", "gl", LIN, WANG, 0, 1, because), {LIN: "swap-ended"})
        for because in ("declined", "overtaken", "unanswered")
    ),
    (
        c.RotaShiftChanged("gl:may", "gl", 0, NOON, NOON, LIN, WANG, "swapped"),
        {WANG: "shift-given", LIN: "shift-taken"},
    ),
    (c.PostVacated("gl:property", "property", "gl", LIN, "resigned"), {}),
    (c.ResidentRegistered(WANG, "u1"), {WANG: "welcome"}),
    (c.ResidentMoved(WANG, "u2", "u1"), {WANG: "household-changed"}),
    (c.RegistrationRefused(WANG, "u2", "lapsed"), {WANG: "not-registered"}),
    (c.ResidentVouchedFor(WANG, "u2", LIN, True), {}),
    (c.MoveRefused(WANG, "u2", "not-known"), {WANG: "move-refused"}),
    (c.ResidentMovedOut(WANG, "u2"), {WANG: "moved-out"}),
    (c.ResidentErased("gone"), {}),
    (c.OrganisationRegistered("o1", OrganisationKind.DEPARTMENT, "城管", "gl", ()), {}),
    (c.OrganisationRenamed("o1", "城管局"), {}),
    (c.OrganisationServes("o1", ("gl",)), {}),
    (c.OrganisationAnswersFor("o1", "sanitation", ("sanitation",), NOON), {}),
    (c.OrganisationMemberJoined("o1", LIN, "head"), {LIN: "organisation-joined"}),
    (c.OrganisationMemberLeft("o1", LIN), {LIN: "organisation-left"}),
    (c.OrganisationClosed("o1"), {}),
    (c.AllianceFounded("a1", "gl", "联盟", "o1", ("o1", "o2")), {}),
    (c.AllianceMemberJoined("a1", "o3"), {}),
    (c.AllianceMemberLeft("a1", "o3"), {}),
    (c.AllianceChairPassed("a1", "o2", "o1"), {}),
    (c.AllianceDissolved("a1"), {}),
    (c.AlliancePromiseMade("p1", "a1", "gl", "o1", 2025, NOON), {}),
    (c.AlliancePromiseReported("p1", "a1", "o1", True), {}),
    (c.AlliancePromiseOverdue("p1", "a1", "gl", "o1", NOON), {}),
    (c.AlliancePromiseJudged("p1", "a1", "o1", True), {}),
    (c.CheckedIn("i1", "gl", WANG, None, ("law",)), {WANG: "checked-in"}),
    (c.CheckedIn("i2", "gl", None, "o1", ()), {}),
    (c.CheckInRefused("i1", "gl", WANG, "lapsed"), {WANG: "check-in-refused"}),
    (c.CheckedOut("i1", "gl", WANG, None), {}),
    (c.VisitPlanned("v1", "gl", "lone-elder", LIN, NOON), {LIN: "visit-planned"}),
    (c.VisitMade("v1", "gl", "lone-elder", LIN, True), {}),
    (c.VisitMissed("v1", "gl", "lone-elder", LIN, NOON), {LIN: "visit-missed"}),
    (c.VisitCalledOff("v1", "gl", LIN, "not-wanted"), {LIN: "visit-called-off"}),
]
"""The event, and which message who gets of it."""

W = "0195f00000000000000000000000beef"
BODY = "o-water"
"""A department: those who speak for it are told."""

CASES += [
    (
        p.PetitionAnswered(
            P, LIN, Level.AREA, "area-1", "parking", True, NOON, WANG, informed=(CHEN,)
        ),
        {WANG: "petition-answered", CHEN: "supported-answered"},
    ),
    (
        p.PetitionClosed(P, "rated", Level.AREA, "area-1", "parking", WANG, informed=(CHEN,)),
        {WANG: "petition-closed", CHEN: "supported-closed"},
    ),
    (
        p.PetitionAlarmed(P, "gas", "utilities", Level.AREA, "area-1", (LIN, CHEN), NOON),
        {LIN: "danger", CHEN: "danger"},
    ),
    (p.PetitionUnassigned(P, LIN, Level.AREA, "area-1"), {LIN: "duty-passed-on"}),
    (p.PetitionSpokespersonChanged(P, LIN, WANG, "passed-on"), {LIN: "petition-passed-on"}),
    (p.PetitionMerged(P, W, CHEN, WANG), {WANG: "petition-merged"}),
    (p.PetitionSplit(P, W, "split", WANG), {WANG: "petition-split"}),
    (p.PromiseFellDue(P, 1, NOON, NOON, LIN, "area-1", WANG, True), {WANG: "promise-due"}),
    (
        p.PromiseFellDue(P, 1, NOON, NOON, LIN, "area-1", WANG),
        {WANG: "promise-due", LIN: "duty-promise-due"},
    ),
    (p.PromiseReported(P, 1, LIN, WANG), {WANG: "promise-reported"}),
    (p.PromiseJudged(P, 1, True, LIN, "area-1", "parking"), {LIN: "promise-kept"}),
    (p.PromiseJudged(P, 1, False, LIN, "area-1", "parking"), {LIN: "promise-broken"}),
    # --- a clock is stopped
    (
        p.PetitionSuspended(P, "season", NOON, CHEN, Level.AREA, "area-1", LIN, WANG),
        {WANG: "petition-suspended", LIN: "duty-suspended"},
    ),
    (
        p.PetitionResumed(P, "until", "season", Level.AREA, "area-1", LIN, WANG, NOON, NOON, NOON),
        {WANG: "petition-resumed", LIN: "duty-resumed"},
    ),
    (
        p.PetitionResumed(P, "done", "season", Level.AREA, "area-1", LIN, WANG, NOON, NOON, NOON),
        {},
    ),
    # --- departments are called
    (p.DepartmentCalled(P, BODY, NOON, False), {BODY: "department-called"}),
    (p.DepartmentInsisted(P, BODY, NOON), {BODY: "department-insisted"}),
    (p.DepartmentRuledOut(P, BODY, CHEN), {BODY: "department-ruled-out"}),
    (p.DepartmentAccepted(P, BODY, CHEN, NOON), {CHEN: "department-accepted"}),
    (p.DepartmentRefused(P, BODY, CHEN), {CHEN: "department-refused"}),
    (p.DepartmentSilent(P, BODY, CHEN, NOON), {CHEN: "department-silent"}),
    (p.DepartmentDelivered(P, BODY, CHEN, True), {CHEN: "department-delivered"}),
    (p.DepartmentLate(P, BODY, CHEN, NOON), {BODY: "part-late", CHEN: "department-late"}),
    (p.ConsultationConcluded(P, "answered", CHEN), {CHEN: "consultation-concluded"}),
    # --- somebody whistles
    (
        p.WhistleCalled(
            W, Level.AREA, "area-1", "property", LIN, NOON, "blown", WANG, "parking", None
        ),
        {LIN: "whistle-called"},
    ),
    (
        p.WhistleCalled(
            W, Level.STREET, "gl", "property", LIN, NOON, "overdue", WANG, "parking", None
        ),
        {LIN: "whistle-called", WANG: "whistle-climbed"},
    ),
    (
        p.WhistleReported(W, LIN, Level.AREA, "area-1", True, WANG, NOON),
        {WANG: "whistle-reported"},
    ),
    (p.WhistleReportAccepted(W, WANG, LIN, 5, None, None), {LIN: "whistle-accepted"}),
    (
        p.WhistleReportAccepted(W, CHEN, LIN, 5, WANG, NOON),
        {LIN: "whistle-accepted", WANG: "whistle-reported"},
    ),
    (p.WhistleReportRefused(W, WANG, Level.AREA, "area-1", LIN), {LIN: "whistle-refused"}),
    (
        p.WhistleReportUnjudged(W, WANG, Level.AREA, "area-1", LIN, None, None),
        {LIN: "whistle-unjudged"},
    ),
    (
        p.WhistleReportUnjudged(W, CHEN, Level.AREA, "area-1", LIN, WANG, NOON),
        {WANG: "whistle-reported"},
    ),
    (
        p.WhistleOverdue(W, Level.AREA, "area-1", LIN, NOON, 0, WANG, None),
        {LIN: "whistle-overdue"},
    ),
    (
        p.WhistleClosed(W, "unjudged", None, Level.AREA, "area-1", "parking", WANG, LIN),
        {WANG: "whistle-closed-unjudged", LIN: "whistle-closed"},
    ),
    (
        p.WhistleClosed(W, "rated", 5, Level.AREA, "area-1", "parking", WANG, LIN),
        {WANG: "whistle-closed", LIN: "whistle-closed"},
    ),
    # --- for lists, other systems and those who look: nobody's inbox
    (p.PetitionForgotten(P), {}),
    (p.PetitionSigned(P, WANG, "b1-u1", 2), {}),
    (p.PetitionSignatureWithdrawn(P, WANG, "b1-u1", 1), {}),
    (p.PetitionSupported(P, WANG, 2), {}),
    (p.PetitionSupportWithdrawn(P, WANG, 1), {}),
    (p.PetitionAdopted(P, W, 1), {}),
    (p.PetitionMemberRefused(P, W, "full"), {}),
    (p.PetitionMemberLeft(P, W, 0), {}),
    (p.PetitionLinked(P, W, CHEN), {}),
    (p.PromiseFollowedUp(P, 1, CHEN, True, 1), {}),
    (p.PromiseMade(P, 1, NOON, LIN, "area-1", "parking", WANG), {}),
    (p.PetitionFollowedUp(P, CHEN, True, 1), {}),
    (p.PetitionReviewAsked(P, WANG), {}),
    (
        p.PetitionSentToMediation(P, "dp1", Level.AREA, "area-1", LIN, WANG),
        {WANG: "petition-mediated", LIN: "duty-mediated"},
    ),
    (p.PetitionMediated(P, "dp1", True, Level.AREA, "area-1", LIN, WANG), {LIN: "duty-agreed"}),
    (p.PetitionMediated(P, "dp1", False, Level.AREA, "area-1", LIN, WANG), {}),
    (p.PetitionReleased(P, "area-1", "parking"), {}),
    (p.PetitionReleaseWithdrawn(P), {}),
    (p.ConsultationCalled(P, CHEN, Level.AREA, "area-1", "parking", BODY, (BODY, "o-x")), {}),
    (p.DepartmentHandedOver(P, BODY, "o-x"), {}),
    (p.WhistleBlown(W, WANG, "b1", ("gl", "b1"), "parking", None), {}),
    (p.WhistleClimbed(W, Level.AREA, Level.STREET, "gl", "overdue", None), {}),
    (p.HotTopicRaised("city", "b1:parking", "b1", "parking", (P,), 1, 21, NOON, NOON), {}),
    (p.HotTopicGrown("city", "b1:parking", "b1", "parking", (P,), 2, 42, NOON, NOON), {}),
    (p.HotTopicCooled("city", "b1:parking", "b1", "parking", NOON), {}),
    (
        p.CategoryDefined(
            "lifts", "property", 1, NOON, "电梯", "Lifts", "property", "everyday", None, None, None
        ),
        {},
    ),
    (
        p.CategoryRevised(
            "lifts", 2, NOON, "电梯", "Lifts", "property", "everyday", None, None, None
        ),
        {},
    ),
    (p.CategoryRetired("lifts", 3, NOON, "property"), {}),
    (p.CategoryRevisionCalledOff("lifts", 3), {}),
]

CASES += volunteering.CASES
CASES += mediation.CASES
CASES += ledger.CASES
CASES += [
    (s.WebhookDisabled("w1", LIN, "unreachable", NOON), {LIN: "webhook-unreachable"}),
    (s.WebhookDisabled("w1", LIN, "gone"), {LIN: "webhook-gone"}),
    (s.WebhookDisabled("w1", LIN, "by-hand"), {}),
    (n.AddressCodeAsked(WANG, n.AddressWay.EMAIL, 1, NOON), {WANG: "address-code"}),
    (n.DigestDue(WANG, NOON, NOON), {}),
    (n.MessagePosted("m1", WANG, "welcome", "resident-wang", "e1"), {}),
    (n.MessageRead("m1", WANG), {}),
]
