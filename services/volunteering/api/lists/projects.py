"""Projects (项目) over HTTP."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any

from fastapi import Query

from services.volunteering.access import staff_there
from services.volunteering.api.lists.sight import acts_for, is_staff, listed
from services.volunteering.domain.lists.project import open_verbs, project
from services.volunteering.domain.lists.project_commands import (
    CallOffProject,
    ChangeLead,
    ConfirmTask,
    CorrectTaskHours,
    DoTask,
    DropTask,
    GiveTask,
    JudgeProject,
    PassTask,
    PlanProject,
    ReportProject,
    SendTaskBack,
)
from services.volunteering.domain.lists.project_state import Project, Status
from services.volunteering.views.lists import below, of
from shared.contracts.types import PlaceCode
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode
from shared.runtime.identity import Caller
from shared.runtime.own_data import Held
from shared.runtime.policies import anyone, holder, owner
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

WORDS = "ProjectDescribed"
the_lead = owner("lead")
leads = the_lead | staff_there
has_a_task = holder("people") | acts_for("bodies")
concerned = leads | has_a_task


def lies_in(copies: Copies, state: Project | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return path_of(copies, command.place) if state is None else state.path


def shown(state: Project, caller: Caller) -> dict[str, Any]:
    """What anybody sees of it."""
    return {
        "status": state.status,
        "place": state.place,
        "path": state.path,
        "needs": state.needs,
        "lead": state.lead,
        "until": state.until,
        "tasks": state.tasks,
        "results": dict(state.results),
        "judge_by": state.judge_by,
        "late": state.alarm,
        "stars": state.stars,
    }


def people(state: Project, caller: Caller) -> Collection[str]:
    """Who works on it is for those who do, and for staff."""
    if is_staff(caller) or caller.sub == state.lead or caller.sub in state.people:
        return ()
    return state.people if caller.org is None or caller.org not in state.bodies else ()


projects_api = aggregate_api(
    project,
    collection="projects",
    tag="Lists",
    create=Create(PlanProject, may=staff_there),
    verbs={
        "give-task": Verb(GiveTask, may=leads),
        "pass-task": Verb(PassTask, may=leads),
        "drop-task": Verb(DropTask, may=leads),
        "do-task": Verb(DoTask, may=has_a_task),
        "confirm-task": Verb(ConfirmTask, may=leads),
        "send-task-back": Verb(SendTaskBack, may=leads),
        "correct": Verb(CorrectTaskHours, may=staff_there),
        "change-lead": Verb(ChangeLead, may=staff_there),
        "report": Verb(ReportProject, may=leads),
        "judge": Verb(JudgeProject, may=staff_there),
        "call-off": Verb(CallOffProject, may=staff_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
    shown=shown,
    dossier=Dossier(see=concerned),
    lies_in=lies_in,
    veil=people,
    history=concerned,
)

queries = Queries(tags=["Lists"])


@queries.get("/projects", may=anyone)
async def list_projects(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    status: Annotated[list[Status] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Projects at a place or below it, the first planned in front."""
    if not path_of(copies, place):
        raise NotFound
    statuses = status or [Status.RUNNING, Status.REPORTED]
    asked = below(place, statuses, limit=limit, after=decode(cursor))
    return await listed(projects_api, WORDS, asked, caller, store)


@queries.get("/projects/led", may=anyone, note="led by themselves")
async def led_projects(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller leads, the latest first."""
    asked = of("lead", caller.sub, limit, decode(cursor))
    return await listed(projects_api, WORDS, asked, caller, store)


@queries.get("/projects/mine", may=anyone, note="with tasks for themselves or their organisation")
async def my_projects(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Where the caller has tasks, or with an organisation in the token, that, the latest first."""
    field, whom = ("people", caller.sub) if caller.org is None else ("bodies", caller.org)
    asked = of(field, whom, limit, decode(cursor))
    return await listed(projects_api, WORDS, asked, caller, store)


HELD = (Held(projects_api, "people", shown), Held(projects_api, "lead", shown))
