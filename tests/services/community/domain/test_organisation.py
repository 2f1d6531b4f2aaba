"""Organisations: who they are, what they answer for, who belongs to them."""

from datetime import timedelta

from services.community.domain.organisation import (
    MOST_ANSWERS_KEPT,
    MOST_MEMBERS,
    Admit,
    AnswerFor,
    Answers,
    CloseOrganisation,
    Dismiss,
    Ground,
    Leave,
    RegisterOrganisation,
    RenameOrganisation,
    Role,
    Serve,
    StrikeMember,
    answers_at,
    open_verbs,
    organisation,
    role_of,
)
from shared.contracts.community import (
    OrganisationAnswersFor,
    OrganisationClosed,
    OrganisationMemberJoined,
    OrganisationMemberLeft,
    OrganisationRegistered,
    OrganisationRenamed,
    OrganisationServes,
)
from shared.contracts.types import OrganisationKind
from tests.given import NOTHING_SPECIAL, given

NOW = NOTHING_SPECIAL
DEPARTMENT = OrganisationRegistered("o1", OrganisationKind.DEPARTMENT, "城管", "gl", ("dj", "nj"))
PARTNER = OrganisationRegistered("o2", OrganisationKind.PARTNER_UNIT, "小学", "gl", ())
REGISTER = RegisterOrganisation(
    "admin", "o1", OrganisationKind.DEPARTMENT, "城管", "gl", ("nj", "dj", "nj")
)


def test_an_organisation_is_registered_once_in_places_that_there_are() -> None:
    given(organisation).when(REGISTER, facts=Ground(("nj",))).then_rejected("unknown-place")
    given(organisation).when(REGISTER, facts=Ground()).then(DEPARTMENT).when(
        REGISTER, facts=Ground()
    ).then_rejected("organisation-exists")
    given(organisation).when(Leave("wang")).then_rejected("unknown-organisation")


def test_its_name_and_places_change_and_the_same_changes_nothing() -> None:
    here = given(organisation, PARTNER)
    here.when(RenameOrganisation("admin", "小学")).then()
    here.when(RenameOrganisation("admin", "实验小学")).then(OrganisationRenamed("o2", "实验小学"))
    here.when(Serve("admin", ("nj",)), facts=Ground()).then(OrganisationServes("o2", ("nj",))).when(
        Serve("admin", ("nj", "nj")), facts=Ground()
    ).then()
    here.when(Serve("admin", ("x",)), facts=Ground(("x",))).then_rejected("unknown-place")


def test_a_department_answers_for_categories_from_a_time_on() -> None:
    later = NOW + timedelta(days=3)
    here = (
        given(organisation, DEPARTMENT)
        .when(AnswerFor("head", "sanitation", ("sanitation", "greenery")))
        .then(OrganisationAnswersFor("o1", "sanitation", ("greenery", "sanitation"), NOW))
        .when(AnswerFor("head", "sanitation", (), later))
        .then(OrganisationAnswersFor("o1", "sanitation", (), later))
    )
    now = Answers("sanitation", ("greenery", "sanitation"), NOW)
    assert answers_at(here.state, NOW) == (now,)
    assert answers_at(here.state, NOW - timedelta(seconds=1)) == ()
    assert answers_at(here.state, later) == ()
    here.when(AnswerFor("head", "sanitation", (), NOW - timedelta(seconds=1))).then_rejected(
        "since-passed"
    )
    given(organisation, PARTNER).when(AnswerFor("head", "x", ())).then_rejected("not-a-department")
    # An earlier time takes the place of what was planned for later.
    sooner = here.when(AnswerFor("head", "sanitation", ("greenery",), NOW)).then(
        OrganisationAnswersFor("o1", "sanitation", ("greenery",), NOW)
    )
    assert sooner.state.answers == (Answers("sanitation", ("greenery",), NOW),)


def test_what_is_kept_of_one_duty_has_an_end() -> None:
    events = [
        OrganisationAnswersFor("o1", "duty", (f"c{n}",), NOW + timedelta(days=n))
        for n in range(MOST_ANSWERS_KEPT + 3)
    ]
    answers = given(organisation, DEPARTMENT, *events).state.answers
    assert len(answers) == MOST_ANSWERS_KEPT
    assert answers[-1].categories == (f"c{MOST_ANSWERS_KEPT + 2}",)


def test_people_join_change_their_role_and_leave() -> None:
    here = (
        given(organisation, PARTNER)
        .when(Admit("admin", "wang", Role.HEAD))
        .then(OrganisationMemberJoined("o2", "wang", "head"))
        .when(Admit("admin", "wang", Role.HEAD))
        .then()
        .when(Admit("admin", "wang"))
        .then(OrganisationMemberJoined("o2", "wang", "member"))
    )
    assert role_of(here.state, "wang") is Role.MEMBER
    left = OrganisationMemberLeft("o2", "wang")
    here.when(Leave("wang")).then(left).when(Leave("wang")).then_rejected("not-a-member")
    here.when(Dismiss("admin", "wang")).then(left)
    here.when(StrikeMember("wang")).then(left).when(StrikeMember("wang")).then()


def test_members_have_a_bound() -> None:
    joined = [OrganisationMemberJoined("o2", f"p{n}", "member") for n in range(MOST_MEMBERS)]
    full = given(organisation, PARTNER, *joined)
    full.when(Admit("admin", "wang")).then_rejected("too-many-members")
    full.when(Admit("admin", "p1", Role.HEAD)).then(OrganisationMemberJoined("o2", "p1", "head"))


def test_a_closed_one_takes_nothing_but_that_a_member_is_struck() -> None:
    joined = OrganisationMemberJoined("o2", "wang", "member")
    closed = (
        given(organisation, PARTNER, joined)
        .when(CloseOrganisation("admin"))
        .then(OrganisationClosed("o2"))
    )
    closed.when(Leave("wang")).then_rejected("organisation-closed")
    closed.when(StrikeMember("wang")).then(OrganisationMemberLeft("o2", "wang"))
    assert open_verbs(closed.state) == ()
