"""Projects: tasks with somebody and a time, hours confirmed by others, reported and judged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.volunteering.domain.lists import need_state
from services.volunteering.domain.lists.need_state import Need
from services.volunteering.domain.lists.project import project
from services.volunteering.domain.lists.project_commands import (
    CallOffProject,
    ChangeLead,
    ConfirmTask,
    CorrectTaskHours,
    DoTask,
    DropNeed,
    DropTask,
    ForgetMember,
    GiveTask,
    JudgeProject,
    PassTask,
    PlanProject,
    ProjectCounted,
    ProjectDescribed,
    ProjectMemberForgotten,
    ProjectNeedDropped,
    ProjectReportWritten,
    ProjectTaskDescribed,
    ProjectTaskServed,
    ProjectWordGiven,
    ReportProject,
    Result,
    SendTaskBack,
)
from services.volunteering.domain.lists.project_state import Scene, Stage, Status
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.event import Event
from shared.contracts.volunteering import (
    HoursConfirmed,
    HoursCorrected,
    ProjectCalledOff,
    ProjectJudged,
    ProjectJudgementLate,
    ProjectLeadChanged,
    ProjectPlanned,
    ProjectReported,
    ProjectTaskConfirmed,
    ProjectTaskDone,
    ProjectTaskDropped,
    ProjectTaskGiven,
    ProjectTaskOverdue,
    ProjectTaskSentBack,
)
from shared.contracts.volunteering.hours import Work
from shared.runtime.aggregate import Tick
from tests.given import NOTHING_SPECIAL, given

NOW, DAY, HOUR = NOTHING_SPECIAL, timedelta(days=1), timedelta(hours=1)
PATH = ("d", "s", "c")
UNTIL, DUE = NOW + 60 * DAY, NOW + 10 * DAY
NEED = Need("w1", need_state.Status.OPEN, place="n", path=(*PATH, "n"))
ADULT = Volunteer(registered=True, birth_year=1980)
SCENE = Scene("p1", PATH, {"w1": NEED}, ADULT, "c", "head")

PLAN = PlanProject("desk", "c", ("w1", "w1"), "lead", "陪诊计划", "每周陪诊", UNTIL)
PLANNED = ProjectPlanned("p1", "c", PATH, ("w1",), "lead", UNTIL)


def task(n: int, person: str | None = "lin", unit: str | None = None) -> ProjectTaskGiven:
    return ProjectTaskGiven("p1", n, person, unit, None, "lead", DUE)


RUNNING: tuple[Event, ...] = (PLANNED, task(1), task(2, None, "school"))
BEGUN, ENDED = NOW + DAY, NOW + DAY + 2 * HOUR
LATER = NOW + 2 * DAY
DONE: tuple[Event, ...] = (
    *RUNNING,
    ProjectTaskDone("p1", 1, "lin", None, "lead"),
    ProjectTaskServed(1, BEGUN, ENDED, 100),
)


def hours(minutes: int, by: str = "lead") -> HoursConfirmed:
    return HoursConfirmed("p1.1", Work.PROJECT, "lin", "c", BEGUN, minutes, by)


CONFIRMED: tuple[Event, ...] = (
    *DONE,
    ProjectTaskConfirmed("p1", 1, "lin", None, "lead"),
    hours(100),
)
ALL_DONE: tuple[Event, ...] = (*CONFIRMED, ProjectTaskDropped("p1", 2, None, "school"))
REPORTED: tuple[Event, ...] = (
    *ALL_DONE,
    ProjectCounted((("people-reached", 12),)),
    ProjectReported("p1", "c", ("w1",), "lead", NOW + 14 * DAY),
)


def test_a_project_is_planned_for_needs_that_nobody_carries() -> None:
    given(project).when(PLAN, facts=SCENE).then(PLANNED, ProjectDescribed("陪诊计划", "每周陪诊"))
    given(project, PLANNED).when(PLAN, facts=SCENE).then_rejected("project-planned")


@pytest.mark.parametrize(
    ("scene", "code"),
    [
        (Scene("p1"), "unknown-place"),
        (replace(SCENE, needs={"w1": None}), "need-not-here"),
        (replace(SCENE, needs={"w1": replace(NEED, path=("d", "x"))}), "need-not-here"),
        (replace(SCENE, needs={"w1": replace(NEED, project="p0")}), "need-carried"),
    ],
)
def test_what_cannot_be_planned(scene: Scene, code: str) -> None:
    given(project).when(PLAN, facts=scene).then_rejected(code)
    past = replace(PLAN, until=NOW)
    given(project).when(past, facts=SCENE).then_rejected("project-times")
    given(project).when(replace(PLAN, needs=()), facts=SCENE).then_rejected("project-needs")


def test_a_task_has_one_person_or_one_organisation() -> None:
    open = given(project, PLANNED)
    one = open.when(GiveTask("lead", "接送", DUE, person="lin"), facts=SCENE).then(
        task(1), ProjectTaskDescribed(1, "接送")
    )
    nobody = GiveTask("lead", "接送", DUE)
    one.when(nobody, facts=SCENE).then_rejected("task-for-whom")
    late = GiveTask("lead", "接送", UNTIL + DAY, person="lin")
    one.when(late, facts=SCENE).then_rejected("task-times")
    one.when(PassTask("lead", 1, DUE, person="chen"), facts=SCENE).then(
        ProjectTaskGiven("p1", 1, "chen", None, "lin", "lead", DUE)
    )
    one.when(PassTask("lead", 7, DUE, person="chen"), facts=SCENE).then_rejected("unknown-task")


def test_a_task_is_done_by_who_has_it_and_confirmed_by_somebody_else() -> None:
    do = DoTask("lin", None, 1, BEGUN, ENDED, 100, "接了两位")
    done = (
        given(project, *RUNNING)
        .when(do, at=LATER, facts=SCENE)
        .then(*DONE[-2:], ProjectWordGiven("do-task", 1, "接了两位"))
    )
    done.when(ConfirmTask("lin", 1), facts=SCENE).then_rejected("own-task")
    done.when(ConfirmTask("lead", 1), facts=SCENE).then(*CONFIRMED[-2:])
    done.when(ConfirmTask("lead", 1, 60), facts=SCENE).then_among(hours(60))
    back = done.when(SendTaskBack("lead", 1, "少一次"), facts=SCENE).then(
        ProjectTaskSentBack("p1", 1, "lin", None), ProjectWordGiven("send-task-back", 1, "少一次")
    )
    back.when(do, at=LATER, facts=SCENE).then_among(*DONE[-2:])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": "chen"}, "not-your-task"),
        ({"minutes": 121}, "more-than-presence"),
        ({"begun": None}, "served-times"),
        ({"ended": LATER + HOUR}, "served-times"),
        ({"by": "clerk", "org": "school", "task": 2}, "hours-of-persons"),
    ],
)
def test_hours_are_a_volunteers_and_no_more_than_presence(
    change: dict[str, object], code: str
) -> None:
    do = replace(DoTask("lin", None, 1, BEGUN, ENDED, 100), **change)  # type: ignore[arg-type]
    given(project, *RUNNING).when(do, at=LATER, facts=SCENE).then_rejected(code)


def test_who_is_no_volunteer_serves_no_hours_but_may_do_a_task() -> None:
    nobody = replace(SCENE, volunteer=None)
    do = DoTask("lin", None, 1, BEGUN, ENDED, 100)
    given(project, *RUNNING).when(do, at=LATER, facts=nobody).then_rejected("not-a-volunteer")
    given(project, *RUNNING).when(DoTask("lin", None, 1), facts=nobody).then(DONE[-2])
    given(project, *RUNNING).when(DoTask("clerk", "school", 2), facts=nobody).then(
        ProjectTaskDone("p1", 2, None, "school", "lead")
    )


def test_confirmed_hours_are_corrected_within_presence() -> None:
    fix = CorrectTaskHours("desk", 1, 90, "算错")
    given(project, *CONFIRMED).when(fix, facts=SCENE).then(
        HoursCorrected("p1.1", Work.PROJECT, "lin", "c", BEGUN, 100, 90, "desk"),
        ProjectWordGiven("correct", 1, "算错"),
    )
    more = replace(fix, minutes=121)
    given(project, *CONFIRMED).when(more, facts=SCENE).then_rejected("more-than-presence")
    own = replace(fix, by="lin")
    given(project, *CONFIRMED).when(own, facts=SCENE).then_rejected("own-task")
    given(project, *DONE).when(fix, facts=SCENE).then_rejected("task-wrong-moment")


def test_an_overdue_task_is_told_once() -> None:
    told = (
        given(project, *RUNNING)
        .when(Tick(), at=DUE, facts=SCENE)
        .then(
            ProjectTaskOverdue("p1", 1, "lin", None, "lead", DUE),
            ProjectTaskOverdue("p1", 2, None, "school", "lead", DUE),
        )
    )
    assert project.due(told.state) is None
    told.when(DoTask("lin", None, 1), at=DUE, facts=SCENE).then(DONE[-2])


def test_all_is_reported_and_judged_by_the_needs_side() -> None:
    report = ReportProject("lead", (Result("people-reached", 12),), "都办好了")
    given(project, *CONFIRMED).when(report, facts=SCENE).then_rejected("tasks-open")
    done = given(project, *ALL_DONE)
    done.when(replace(report, results=()), facts=SCENE).then_rejected("results-needed")
    given(project, PLANNED).when(report, facts=SCENE).then_rejected("nothing-done")
    reported = done.when(report, facts=SCENE).then(*REPORTED[-2:], ProjectReportWritten("都办好了"))
    for partial in ("lead", "lin"):
        own = JudgeProject(partial, True, 5)
        reported.when(own, facts=SCENE).then_rejected("own-project")
    judged = ProjectJudged("p1", "c", PATH, ("w1",), "lead", True, 5, "desk")
    over = reported.when(JudgeProject("desk", True, 5), facts=SCENE).then(judged)
    assert over.state.status is Status.MET
    again = reported.when(JudgeProject("desk", False, 2, "还差一次"), facts=SCENE).then(
        replace(judged, met=False, stars=2), ProjectWordGiven("judge", None, "还差一次")
    )
    assert again.state.status is Status.RUNNING
    again.when(GiveTask("lead", "补一次", DUE, person="lin"), facts=SCENE).then_among(task(3))


def test_what_nobody_judges_is_told_to_the_office() -> None:
    late = ProjectJudgementLate("p1", "c", "c", "head")
    told = given(project, *REPORTED).when(Tick(), at=NOW + 14 * DAY, facts=SCENE).then(late)
    assert told.state.alarm is not None
    assert project.due(told.state) is None


def test_a_project_is_called_off_passed_on_and_loses_needs_and_people() -> None:
    open = given(project, *RUNNING)
    open.when(CallOffProject("desk", "经费未到"), facts=SCENE).then(
        ProjectCalledOff("p1", "c", ("w1",), "lead", "desk"),
        ProjectWordGiven("call-off", None, "经费未到"),
    )
    open.when(ChangeLead("desk", "new"), facts=SCENE).then(ProjectLeadChanged("p1", "new", "lead"))
    open.when(ChangeLead("desk", "lead"), facts=SCENE).then()
    open.when(DropNeed("w1"), facts=SCENE).then(ProjectNeedDropped("w1"))
    open.when(DropNeed("w9"), facts=SCENE).then()
    open.when(DropTask("lead", 1), facts=SCENE).then(ProjectTaskDropped("p1", 1, "lin", None))
    gone = open.when(ForgetMember("lin"), facts=SCENE).then(ProjectMemberForgotten("lin"))
    assert (gone.state.people, gone.state.tasks[0].stage) == ((), Stage.GIVEN)
    gone.when(PassTask("lead", 1, DUE, person="chen"), facts=SCENE).then(
        ProjectTaskGiven("p1", 1, "chen", None, None, "lead", DUE)
    )
