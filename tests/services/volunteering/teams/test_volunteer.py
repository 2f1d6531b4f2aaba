"""Who serves, what they are fit for, and who answers for them under age."""

from datetime import UTC, datetime, timedelta

import pytest

from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.volunteer import open_verbs, volunteer
from services.volunteering.domain.teams.volunteer_commands import (
    AgreeToBeNamed,
    Cause,
    ChangeProfile,
    ConfirmGuardian,
    Consent,
    ConsentTimed,
    CorrectBirthYear,
    DescribeVolunteer,
    ForgetVolunteer,
    FreeHours,
    GuardianReleased,
    HearInsured,
    HearJoined,
    HearLeft,
    HearPath,
    HearSuspendedInTeam,
    HearTrained,
    Insure,
    LoseGuardian,
    MembershipBegan,
    MembershipEnded,
    MembershipSuspended,
    MoveVolunteer,
    NameGuardian,
    RecordTraining,
    RefuseGuardian,
    RegisterVolunteer,
    ReminderPlanned,
    ResumeVolunteer,
    Setting,
    StopVolunteering,
    StrikeTraining,
    SuspendVolunteer,
    TrainingStruck,
    VolunteerBorn,
    VolunteerDescribed,
    VolunteerForgotten,
    VolunteerProfiled,
    WithdrawConsent,
    WithdrawNaming,
)
from services.volunteering.domain.teams.volunteer_state import (
    Conditions,
    FreeTime,
    Volunteer,
    lacking,
)
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.teams import (
    FitnessChange,
    GuardianConfirmed,
    GuardianConsented,
    GuardianConsentWithdrawn,
    GuardianNamed,
    GuardianRefused,
    NamingAgreed,
    NamingWithdrawn,
    Validity,
    ValidityEnding,
    VolunteerFitnessChanged,
    VolunteerInsured,
    VolunteerMoved,
    VolunteerRegistered,
    VolunteerResumed,
    VolunteerStopped,
    VolunteerSuspended,
    VolunteerTrained,
)
from shared.runtime.aggregate import Rejected, Tick
from tests.given import given
from tests.services.volunteering.teams.people import (
    ADULT,
    CONSENTED,
    DAY,
    MINOR,
    NOON,
    PATH,
    SETTING,
    known,
)

REGISTER = RegisterVolunteer(
    "wang",
    "wang",
    "n1",
    ADULT,
    "王五",
    "138",
    ("repairs", "first-aid", "repairs"),
    (FreeHours(5, "14:00-18:00"), FreeHours(0, "18:30-21:00")),
)
IN_A_MONTH = NOON + 40 * DAY


# --- registering ---------------------------------------------------------------------------------


def test_who_registers_serves() -> None:
    free = (FreeTime(0, 1110, 1260), FreeTime(5, 840, 1080))
    after = (
        given(volunteer)
        .when(REGISTER, facts=SETTING)
        .then(
            VolunteerRegistered("wang", "n1", PATH),
            VolunteerBorn(ADULT),
            VolunteerProfiled(("first-aid", "repairs"), free),
            VolunteerDescribed("王五", "138"),
        )
    )
    assert after.state == Volunteer(
        registered=True,
        person="wang",
        place="n1",
        path=PATH,
        birth_year=ADULT,
        skills=("first-aid", "repairs"),
        free=free,
    )
    after.when(REGISTER, facts=SETTING).then_rejected("volunteer-exists")


def test_a_place_has_to_be_known_and_the_age_sufficient() -> None:
    nowhere = Setting("wang")
    given(volunteer).when(REGISTER, facts=nowhere).then_rejected("unknown-place")
    child = RegisterVolunteer("xiao", "xiao", "n1", 2017, "小明")
    given(volunteer).when(child, at=NOON, facts=SETTING).then_rejected("too-young")
    known().when(CorrectBirthYear("staff", 2017), at=NOON).then_rejected("too-young")
    known().when(CorrectBirthYear("staff", 1979), at=NOON).then(
        VolunteerBorn(1979), VolunteerFitnessChanged("wang", FitnessChange.BIRTH_YEAR)
    )
    known().when(CorrectBirthYear("staff", ADULT), at=NOON).then()


def test_free_time_lies_within_a_day() -> None:
    late = ChangeProfile("wang", (), (FreeHours(0, "22:00-06:00"),))
    known().when(late).then_rejected("wrong-span")
    same = known().when(ChangeProfile("wang", ("repairs",), ()))
    same.then(VolunteerProfiled(("repairs",), ())).when(
        ChangeProfile("wang", ("repairs",), ())
    ).then()


def test_nothing_is_asked_of_who_does_not_serve() -> None:
    given(volunteer).when(AgreeToBeNamed("wang")).then_rejected("not-a-volunteer")
    assert open_verbs(Volunteer()) == ()


def test_moving_and_describing() -> None:
    there = Setting("wang", ("d1", "s1", "c2", "n2"))
    moved = VolunteerMoved("wang", "n2", there.path)
    known().when(MoveVolunteer("wang", "n2"), facts=there).then(moved)
    known().when(MoveVolunteer("wang", "n9"), facts=Setting("wang")).then_rejected("unknown-place")
    known().when(DescribeVolunteer("wang", "王六")).then(VolunteerDescribed("王六", None))
    known().when(HearPath("n1", ("d1", "s2", "c1", "n1"))).then(
        VolunteerMoved("wang", "n1", ("d1", "s2", "c1", "n1"))
    ).when(HearPath("n1", ("d1", "s2", "c1", "n1"))).then()


def test_who_stops_is_forgotten_but_for_a_suspension() -> None:
    until = NOON + 10 * DAY
    suspended = VolunteerSuspended("wang", "n1", until, "unsafe")
    after = (
        known("wang", ADULT, suspended, MembershipBegan("t1", NOON))
        .when(StopVolunteering("wang"))
        .then(VolunteerStopped("wang", "own-wish"), VolunteerForgotten(erased=False))
    )
    assert after.state == Volunteer(person="wang", suspended_until=until)
    back = after.when(REGISTER, at=NOON, facts=SETTING)._past()
    assert lacking(back.state, Conditions(), NOON) == "volunteer-suspended"


def test_of_who_was_erased_nothing_is_kept() -> None:
    after = (
        known()
        .when(ForgetVolunteer())
        .then(VolunteerStopped("wang", "erased"), VolunteerForgotten(erased=True))
    )
    assert after.state == Volunteer()
    after.when(ForgetVolunteer()).then()
    stopped = known("wang", ADULT, VolunteerStopped("wang", "own-wish"))
    assert stopped.when(ForgetVolunteer()).then(VolunteerForgotten(erased=True)).state == (
        Volunteer()
    )


# --- what holds for a time -----------------------------------------------------------------------


def test_a_training_holds_as_its_list_says_and_is_reminded_of() -> None:
    until = NOON + 730 * DAY
    trained = VolunteerTrained("wang", "first-aid", until)
    reminder = ReminderPlanned(Validity.TRAINING, "first-aid", until - 30 * DAY)
    after = (
        known()
        .when(RecordTraining("staff", "first-aid"), at=NOON, facts=SETTING)
        .then(trained, reminder)
    )
    assert volunteer.due(after.state) == until - 30 * DAY
    told = after.when(Tick(), at=until - 30 * DAY).then(
        ValidityEnding("wang", Validity.TRAINING, "first-aid", None, until)
    )
    assert volunteer.due(told.state) is None


def test_what_holds_for_less_than_a_month_is_not_reminded_of() -> None:
    soon = NOON + 20 * DAY
    known().when(Insure("staff", soon), at=NOON).then(VolunteerInsured("wang", soon))
    known().when(RecordTraining("staff", "basics"), at=NOON, facts=SETTING).then(
        VolunteerTrained("wang", "basics", None)
    )


def test_renewing_moves_the_reminder() -> None:
    first, second = NOON + 100 * DAY, NOON + 400 * DAY
    after = (
        known()
        .when(Insure("staff", first), at=NOON)
        .then(
            VolunteerInsured("wang", first),
            ReminderPlanned(Validity.INSURANCE, None, first - 30 * DAY),
        )
        .when(Insure("staff", second), at=NOON + DAY)
        .then(
            VolunteerInsured("wang", second),
            ReminderPlanned(Validity.INSURANCE, None, second - 30 * DAY),
        )
    )
    assert volunteer.due(after.state) == second - 30 * DAY
    after.when(Tick(), at=second - 30 * DAY).then(
        ValidityEnding("wang", Validity.INSURANCE, None, None, second)
    )


def test_validities_lie_ahead_and_trainings_are_listed() -> None:
    known().when(Insure("staff", NOON), at=NOON).then_rejected("wrong-validity")
    known().when(
        RecordTraining("staff", "first-aid", NOON - DAY), at=NOON, facts=SETTING
    ).then_rejected("wrong-validity")
    known().when(RecordTraining("staff", "juggling"), at=NOON, facts=SETTING).then_rejected(
        "unknown-training"
    )
    lists = Setting("wang", PATH, {f"t{n}": None for n in range(41)})
    full = known()
    for n in range(40):
        full = full.when(RecordTraining("staff", f"t{n}"), facts=lists)._past()
    full.when(RecordTraining("staff", "t40"), facts=lists).then_rejected("too-many-trainings")
    full.when(RecordTraining("staff", "t39"), facts=lists).then(
        VolunteerTrained("wang", "t39", None)
    )


def test_what_a_team_is_told_never_shortens() -> None:
    long = NOON + 700 * DAY
    has = known("wang", ADULT, VolunteerTrained("wang", "patrol", long))
    has.when(HearTrained("patrol", NOON + 10 * DAY), at=NOON, facts=SETTING).then()
    longer = long + DAY
    has.when(HearTrained("patrol", None), at=NOON).then(VolunteerTrained("wang", "patrol", None))
    has.when(HearTrained("patrol", longer), at=NOON).then_among(
        VolunteerTrained("wang", "patrol", longer)
    )
    good = known("wang", ADULT, VolunteerTrained("wang", "basics", None))
    good.when(HearTrained("basics", long), at=NOON).then()
    insured = known("wang", ADULT, VolunteerInsured("wang", long))
    insured.when(HearInsured(NOON + DAY), at=NOON).then()
    insured.when(HearInsured(longer), at=NOON).then_among(VolunteerInsured("wang", longer))


def test_a_training_that_was_none_is_struck() -> None:
    until = NOON + 700 * DAY
    has = known(
        "wang",
        ADULT,
        VolunteerTrained("wang", "patrol", until),
        ReminderPlanned(Validity.TRAINING, "patrol", until - 30 * DAY),
    )
    less_fit = VolunteerFitnessChanged("wang", FitnessChange.TRAINING)
    after = has.when(StrikeTraining("staff", "patrol")).then(TrainingStruck("patrol"), less_fit)
    assert volunteer.due(after.state) is None
    after.when(StrikeTraining("staff", "patrol")).then_rejected("not-trained")


def test_a_training_that_holds_for_less_long_than_before_is_told() -> None:
    until = NOON + 20 * DAY
    less_fit = VolunteerFitnessChanged("wang", FitnessChange.TRAINING)
    has = known("wang", ADULT, VolunteerTrained("wang", "patrol", until))
    shorter = RecordTraining("staff", "patrol", until - DAY)
    has.when(shorter, at=NOON, facts=SETTING).then(
        VolunteerTrained("wang", "patrol", until - DAY), less_fit
    )
    longer = RecordTraining("staff", "patrol", until + DAY)
    has.when(longer, at=NOON, facts=SETTING).then(VolunteerTrained("wang", "patrol", until + DAY))
    good = known("wang", ADULT, VolunteerTrained("wang", "patrol", None))
    good.when(shorter, at=NOON, facts=SETTING).then_among(less_fit)


# --- suspension ----------------------------------------------------------------------------------


def test_a_suspension_ends_by_itself() -> None:
    until = NOON + 10 * DAY
    after = (
        known()
        .when(SuspendVolunteer("staff", until, Cause.BROKE_RULES), at=NOON)
        .then(VolunteerSuspended("wang", "n1", until, "broke-rules"))
    )
    assert lacking(after.state, Conditions(), until - timedelta(minutes=1)) == "volunteer-suspended"
    assert lacking(after.state, Conditions(), until) is None
    after.when(Tick(), at=until).then(VolunteerResumed("wang", "n1"))
    after.when(ResumeVolunteer("staff")).then(VolunteerResumed("wang", "n1")).when(
        ResumeVolunteer("staff")
    ).then()
    after.when(ResumeVolunteer("wang")).then_rejected("own-suspension")


def test_a_suspension_has_an_end() -> None:
    known().when(SuspendVolunteer("staff", NOON, Cause.OTHER), at=NOON).then_rejected(
        "wrong-suspension"
    )
    known().when(SuspendVolunteer("staff", NOON + 400 * DAY, Cause.OTHER), at=NOON).then_rejected(
        "wrong-suspension"
    )
    known().when(SuspendVolunteer("wang", NOON + DAY, Cause.OTHER), at=NOON).then_rejected(
        "own-suspension"
    )


# --- guardians -----------------------------------------------------------------------------------


def test_who_registers_under_age_names_a_guardian() -> None:
    asked = RegisterVolunteer("xiao", "xiao", "n1", MINOR, "小明", guardian="mum")
    after = (
        given(volunteer)
        .when(asked, at=NOON, facts=Setting("xiao", PATH))
        .then_among(GuardianNamed("xiao", "n1", "mum"))
    )
    consent = Consent("mum", (Work.ACTIVITY, Work.WISH), "19:00", NOON + 300 * DAY)
    after.when(consent, at=NOON).then_rejected("guardian-not-confirmed")
    after.when(ConfirmGuardian("mum")).then_rejected("own-guardian")
    confirmed = after.when(ConfirmGuardian("staff")).then(GuardianConfirmed("xiao", "mum"))
    confirmed.when(ConfirmGuardian("staff")).then()
    assert lacking(confirmed.state, Conditions(), NOON) == "guardian-must-consent"
    agreed = confirmed.when(consent, at=NOON).then(
        GuardianConsented("xiao", "mum", (Work.ACTIVITY, Work.WISH), NOON + 300 * DAY),
        ConsentTimed(19 * 60),
        ReminderPlanned(Validity.CONSENT, None, NOON + 270 * DAY),
    )
    agreed.when(Tick(), at=NOON + 270 * DAY).then(
        ValidityEnding("xiao", Validity.CONSENT, None, "mum", NOON + 300 * DAY)
    )


MINOR_DOES = [
    (Conditions(work=Work.ACTIVITY), 0, None),
    (Conditions(work=Work.WISH), 0, "not-for-minors"),
    (Conditions(work=Work.ACTIVITY, end=NOON + 7 * timedelta(hours=1)), 0, None),
    (
        Conditions(work=Work.ACTIVITY, end=NOON + timedelta(hours=7, minutes=1)),
        0,
        "too-late-for-minors",
    ),
    (Conditions(work=Work.ACTIVITY, end=NOON + DAY), 0, "too-late-for-minors"),
    (Conditions(), 300, "guardian-must-consent"),
    (Conditions(least_age=12), 0, None),
    (Conditions(least_age=13), 0, "too-young"),
]


@pytest.mark.parametrize(("asked", "days", "lacks"), MINOR_DOES)
def test_who_is_under_age_does_what_the_guardian_allows(
    asked: Conditions, days: int, lacks: str | None
) -> None:
    state = known("xiao", MINOR, *CONSENTED).state
    assert lacking(state, asked, NOON + days * DAY) == lacks
    if lacks is not None:
        with pytest.raises(Rejected) as refused:
            refuse_unfit(state, asked, NOON + days * DAY)
        assert refused.value.code == lacks


def test_a_guardian_cannot_consent_to_everything() -> None:
    waiting = known("xiao", MINOR, *CONSENTED[:2])
    until = NOON + 300 * DAY
    waiting.when(Consent("mum", (Work.PATROL,), "19:00", until), at=NOON).then_rejected(
        "not-for-minors-at-all"
    )
    waiting.when(Consent("mum", (), "19:00", until), at=NOON).then_rejected("not-for-minors-at-all")
    waiting.when(Consent("mum", (Work.WISH,), "21:01", until), at=NOON).then_rejected(
        "too-late-at-all"
    )
    waiting.when(Consent("mum", (Work.WISH,), "21:00", NOON + 400 * DAY), at=NOON).then_rejected(
        "wrong-consent"
    )
    waiting.when(Consent("dad", (Work.WISH,), "21:00", until), at=NOON).then_rejected(
        "not-the-guardian"
    )
    known().when(Consent("mum", (Work.WISH,), "21:00", until), at=NOON).then_rejected("of-age")


def test_another_guardian_begins_anew() -> None:
    agreed = known("xiao", MINOR, *CONSENTED, NamingAgreed("xiao"))
    after = agreed.when(NameGuardian("xiao", "dad"), at=NOON).then(
        GuardianConsentWithdrawn("xiao", "mum"),
        NamingWithdrawn("xiao"),
        GuardianNamed("xiao", "n1", "dad"),
    )
    assert lacking(after.state, Conditions(), NOON) == "guardian-must-consent"
    agreed.when(NameGuardian("xiao", "mum"), at=NOON).then()
    agreed.when(NameGuardian("xiao", "xiao"), at=NOON).then_rejected("own-guardian")
    known().when(NameGuardian("wang", "mum"), at=NOON).then_rejected("of-age")


def test_a_guardian_withdraws_is_refused_or_is_lost() -> None:
    agreed = known("xiao", MINOR, *CONSENTED)
    ended = GuardianConsentWithdrawn("xiao", "mum")
    refused = GuardianRefused("xiao", "mum")
    agreed.when(WithdrawConsent("mum")).then(ended).when(WithdrawConsent("mum")).then()
    agreed.when(WithdrawConsent("dad")).then_rejected("not-the-guardian")
    agreed.when(RefuseGuardian("staff")).then(ended, refused)
    agreed.when(LoseGuardian("mum")).then(ended, refused)
    agreed.when(LoseGuardian("dad")).then()
    known("xiao", MINOR).when(ConfirmGuardian("staff")).then_rejected("no-guardian")


def test_who_comes_of_age_needs_no_guardian() -> None:
    new_year = datetime(2030, 12, 31, 16, 0, tzinfo=UTC)
    agreed = known("xiao", MINOR, *CONSENTED[:2])
    assert volunteer.due(agreed.state) == new_year
    assert lacking(agreed.state, Conditions(), new_year - timedelta(minutes=1)) is not None
    after = agreed.when(Tick(), at=new_year).then(GuardianReleased())
    assert after.state.guardian is None
    assert volunteer.due(after.state) is None
    assert lacking(after.state, Conditions(), new_year) is None


def test_being_named_is_agreed_to_and_withdrawn() -> None:
    after = known().when(AgreeToBeNamed("wang"), at=NOON).then(NamingAgreed("wang"))
    after.when(AgreeToBeNamed("wang"), at=NOON).then()
    after.when(WithdrawNaming("wang")).then(NamingWithdrawn("wang")).when(
        WithdrawNaming("wang")
    ).then()
    known().when(AgreeToBeNamed("mum"), at=NOON).then_rejected("own-decision")
    young = known("xiao", MINOR, *CONSENTED)
    young.when(AgreeToBeNamed("xiao"), at=NOON).then_rejected("guardian-must-agree")
    young.when(AgreeToBeNamed("mum"), at=NOON).then(NamingAgreed("xiao"))


# --- what teams tell -----------------------------------------------------------------------------


def test_what_teams_tell_is_kept() -> None:
    began = MembershipBegan("t1", NOON)
    after = known().when(HearJoined("t1", NOON)).then(began)
    after.when(HearJoined("t1", NOON)).then()
    assert lacking(after.state, Conditions(team="t1"), NOON) is None
    assert lacking(after.state, Conditions(team="t2"), NOON) == "not-in-the-team"
    until = NOON + DAY
    out = after.when(HearSuspendedInTeam("t1", until)).then(MembershipSuspended("t1", until))
    assert lacking(out.state, Conditions(team="t1"), NOON) == "suspended-in-the-team"
    assert lacking(out.state, Conditions(), NOON) is None
    out.when(HearSuspendedInTeam("t1", None)).then(MembershipSuspended("t1", None))
    out.when(HearSuspendedInTeam("t2", None)).then()
    gone = out.when(HearLeft("t1")).then(MembershipEnded("t1"))
    gone.when(HearLeft("t1")).then()


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (known().state, {"agree-to-be-named", "suspend", "stop"}),
        (known("wang", ADULT, NamingAgreed("wang")).state, {"withdraw-naming"}),
        (known("x", MINOR, *CONSENTED[:1]).state, {"confirm-guardian", "refuse-guardian"}),
        (known("x", MINOR, *CONSENTED).state, {"consent", "withdraw-consent"}),
        (
            known("wang", ADULT, VolunteerSuspended("wang", "n1", NOON, "other")).state,
            {"resume"},
        ),
        (
            known("wang", ADULT, VolunteerTrained("wang", "basics", None)).state,
            {"strike-training"},
        ),
    ],
)
def test_open_verbs(state: Volunteer, verbs: set[str]) -> None:
    assert verbs <= set(open_verbs(state))
