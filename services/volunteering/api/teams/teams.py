"""Teams over HTTP: the table."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.volunteering.access import (
    convenor_there,
    its_leaders,
    its_members,
    staff_there,
    the_captain,
)
from services.volunteering.domain.teams.team import open_verbs, team
from services.volunteering.domain.teams.team_commands import (
    Accept,
    AdoptCharter,
    AgreeToLead,
    Apply,
    DeclineToLead,
    Dismiss,
    DissolveTeam,
    FoundTeam,
    GiveContact,
    InsureTogether,
    LeaveTeam,
    MoveTeam,
    NameCaptain,
    NameDeputies,
    RefuseApplicant,
    RenameTeam,
    ResumeMember,
    ResumeTeam,
    StepDown,
    SuspendMember,
    SuspendTeam,
    TrainTogether,
    WithdrawApplication,
)
from services.volunteering.domain.teams.team_state import Team, member_of
from services.volunteering.facts.teams import open_path
from shared.runtime.api import Create, Dossier, Verb, aggregate_api
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.own_data import Held
from shared.runtime.policies import anyone


def lies_in(copies: Copies, state: Team | None, command: Any) -> Sequence[str]:
    """The places it serves in. A team that is moved lies in what both places have in common: to
    move it away is not for one side alone.
    """
    if state is None:
        return open_path(copies["place"], command.place)
    if isinstance(command, MoveTeam):
        there = open_path(copies["place"], command.place)
        return [code for code in state.path if code in there] if there else state.path
    return state.path


def seen(state: Team, caller: Caller) -> dict[str, Any]:
    """What everybody sees of a team in a list, and what the caller is in it."""
    return {
        "kind": state.kind,
        "name": state.name,
        "place": state.place,
        "status": state.status,
        "suspended_until": state.suspended_until,
        "captain": state.captain,
        "deputies": state.deputies,
        "size": len(state.members),
        "belonging": member_of(state, caller.sub) is not None,
        "applied": any(one.person == caller.sub for one in state.applicants),
        "asked_to_lead": state.sought is not None and state.sought.person == caller.sub,
    }


def shown(state: Team, caller: Caller) -> Mapping[str, Any]:
    """What is seen of one team: its charter, too, and who waits, for those who decide on it. The
    members have a list of their own.
    """
    shown = {
        **seen(state, caller),
        "path": state.path,
        "charter": state.charter,
        "least_age": state.least_age,
        "most_age": state.most_age,
    }
    if keeps.allows(caller, state, None, state.path):
        shown |= {
            "contact": state.contact,
            "applicants": state.applicants,
            "sought": state.sought,
            "declined": state.declined,
            "leaderless": state.leaderless,
        }
    return shown


keeps = its_leaders | staff_there
"""Who knows all that has happened in a team."""
leads = its_leaders | convenor_there
"""Who decides in the team, and who stands in where the team cannot."""
heads = the_captain | convenor_there

teams_api = aggregate_api(
    team,
    collection="teams",
    tag="Teams",
    create=Create(FoundTeam, may=convenor_there),
    verbs={
        "rename": Verb(RenameTeam, may=heads),
        "adopt-charter": Verb(AdoptCharter, may=heads),
        "move": Verb(MoveTeam, may=convenor_there),
        "give-contact": Verb(GiveContact, may=its_leaders),
        # Whether they serve and fit into the team, and who waits or is asked, the rules say.
        "apply": Verb(Apply, may=anyone),
        "withdraw-application": Verb(WithdrawApplication, may=anyone),
        "accept": Verb(Accept, may=leads),
        "refuse": Verb(RefuseApplicant, may=leads),
        "leave": Verb(LeaveTeam, may=its_members),
        "dismiss": Verb(Dismiss, may=leads),
        "suspend-member": Verb(SuspendMember, may=leads),
        "resume-member": Verb(ResumeMember, may=leads),
        "train-together": Verb(TrainTogether, may=leads),
        "insure-together": Verb(InsureTogether, may=leads),
        "name-captain": Verb(NameCaptain, may=heads),
        "name-deputies": Verb(NameDeputies, may=heads),
        "step-down": Verb(StepDown, may=its_leaders),
        "agree-to-lead": Verb(AgreeToLead, may=its_members),
        "decline-to-lead": Verb(DeclineToLead, may=its_members),
        "suspend": Verb(SuspendTeam, may=convenor_there),
        "resume": Verb(ResumeTeam, may=convenor_there),
        "dissolve": Verb(DissolveTeam, may=convenor_there),
    },
    open=lambda state, caller: open_verbs(state, caller.sub),
    see=anyone,
    shown=shown,
    dossier=Dossier(see=its_members | staff_there, subject="contact"),
    lies_in=lies_in,
    history=keeps,
)


def membership(state: Team, caller: Caller) -> Mapping[str, Any]:
    """What of a team concerns one of its members, or who asks to be one."""
    one = member_of(state, caller.sub)
    waiting = [each for each in state.applicants if each.person == caller.sub]
    return {
        "team": state.team,
        "name": state.name,
        "leads": caller.sub in state.leaders,
        "contact": state.contact == caller.sub,
        "member": one,
        "applied": waiting[0] if waiting else None,
    }


HELD = (
    Held(teams_api, "members.person", membership),
    Held(teams_api, "applicants.person", membership),
)
