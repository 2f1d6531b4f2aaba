"""The table of care plans: who does what, and who sees what of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.volunteering.access import (
    called_by_an_alarm,
    care_staff,
    cares,
    organises_care,
    reads_care,
    the_cared_for,
    watches_health,
)
from services.volunteering.domain.care.plan import care_plan, open_verbs
from services.volunteering.domain.care.plan_commands import (
    Acknowledge,
    Consent,
    CorrectMinutes,
    Describe,
    EndPlan,
    GiveUp,
    MakeCarePlan,
    PausePlan,
    RecordConsent,
    RecordUnmet,
    RecordVisit,
    ResumePlan,
    ReturnFromLeave,
    SetHealthContact,
    SetLimits,
    SetRhythm,
    SettleAlarm,
    SetVisitors,
    TakeLeave,
    WithdrawConsent,
)
from services.volunteering.domain.care.plan_state import CarePlan
from services.volunteering.views.care import Part
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import Create, Dossier, Verb, aggregate_api, all_fields
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.own_data import Held

keeps = organises_care | care_staff
"""Who sees to it that somebody is visited."""
answers = keeps | watches_health | called_by_an_alarm


def lies_in(copies: Copies, state: CarePlan | None, command: Any) -> Sequence[str]:
    """The path of the plan's place."""
    return path_of(copies, command.place if state is None else state.place)


def shown_to(state: CarePlan, caller: Caller) -> Mapping[str, Any]:
    """The plan; the limits of the person are for those who read what visits found."""
    fields = all_fields(state, caller)
    if caller.sub in (state.person, state.visitor, state.deputy, state.health_contact):
        return fields
    return {name: value for name, value in fields.items() if name != "limits"}


def what_follows(state: CarePlan, _caller: Caller) -> Mapping[str, Any]:
    """After a visit: the alarms that are open now, and when the next visit is due."""
    return {
        "alarms": [{"alarm": one.number, "because": one.because} for one in state.alarms],
        "next": None if state.visit is None else state.visit.begin,
    }


care_plans_api = aggregate_api(
    care_plan,
    collection="care-plans",
    tag="Care plans",
    create=Create(MakeCarePlan, may=care_staff),
    verbs={
        "consent": Verb(Consent, may=the_cared_for),
        "record-consent": Verb(RecordConsent, may=care_staff),
        "withdraw-consent": Verb(WithdrawConsent, may=the_cared_for | care_staff),
        "describe": Verb(Describe, may=keeps),
        "set-rhythm": Verb(SetRhythm, may=keeps),
        "set-visitors": Verb(SetVisitors, may=keeps),
        "give-up": Verb(GiveUp, may=cares),
        "take-leave": Verb(TakeLeave, may=cares | keeps),
        "return": Verb(ReturnFromLeave, may=cares | keeps),
        "set-limits": Verb(SetLimits, may=watches_health | care_staff),
        "set-health-contact": Verb(SetHealthContact, may=keeps),
        "record-visit": Verb(RecordVisit, may=cares | keeps, tells=what_follows),
        "record-unmet": Verb(RecordUnmet, may=cares | keeps, tells=what_follows),
        "correct-minutes": Verb(CorrectMinutes, may=keeps),
        "acknowledge": Verb(Acknowledge, may=answers),
        "settle-alarm": Verb(SettleAlarm, may=answers),
        "pause": Verb(PausePlan, may=the_cared_for | cares | keeps),
        "resume": Verb(ResumePlan, may=the_cared_for | cares | keeps),
        "end": Verb(EndPlan, may=keeps),
    },
    open=lambda state, _caller: open_verbs(state),
    see=the_cared_for | cares | answers,
    shown=shown_to,
    dossier=Dossier(
        see=reads_care | care_staff,
        names=("CareDescribed", "CareConsentWords"),
        subject="person",
    ),
    lies_in=lies_in,
    # It has the limits of the person, and everybody who ever was called.
    history=reads_care,
)


def part_in(state: CarePlan, caller: Caller) -> Mapping[str, Any]:
    """What of a plan concerns somebody who has a part in it."""
    return {
        "place": state.place,
        "purpose": state.purpose,
        "parts": [part.name.lower() for part in Part if _has(state, part, caller.sub)],
        "visits": [one for one in state.last if one.visitor == caller.sub],
    }


def _has(state: CarePlan, part: Part, person: str) -> bool:
    value = getattr(state, part.value)
    return person in value if isinstance(value, tuple) else bool(value == person)


HELD: tuple[Held, ...] = (
    Held(care_plans_api, "person"),
    *(Held(care_plans_api, part.value, part_in) for part in Part),
)
