"""Orders over HTTP: the table of verbs with who may, and what each is shown."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.volunteering.access import (
    orders_for_oneself,
    staff_of_the_place,
    staff_there,
    the_dispatcher,
    the_host,
    the_taker,
    was_asked,
)
from services.volunteering.domain.orders.commands import (
    Accept,
    Acknowledge,
    Agree,
    Begin,
    Cancel,
    Confirm,
    CorrectHours,
    Decline,
    Dispatch,
    Dispute,
    EndOrder,
    Entrust,
    Finish,
    GiveBack,
    NameTimes,
    PlaceOrder,
    ProposeTime,
    Rate,
    ReportAbsence,
    ReturnEntrusted,
    Settle,
    TakeOver,
)
from services.volunteering.domain.orders.order import order
from services.volunteering.domain.orders.record import order_record
from services.volunteering.domain.orders.state import AT_HAND, Order
from services.volunteering.domain.orders.verbs import can
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import Create, Dossier, Verb, aggregate_api
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.policies import owner


def lies_in(copies: Copies, state: Order | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return path_of(copies, command.place) if state is None else state.path


def is_staff(state: Order, caller: Caller) -> bool:
    """Whether the caller works for a place that it lies in."""
    return staff_there.allows(caller, state, None, state.path)


def dispatches(state: Order, caller: Caller) -> bool:
    """Whether the caller may know who else could take it."""
    return is_staff(state, caller) or the_dispatcher.allows(caller, state, None)


def as_taken(state: Order, caller: Caller) -> Mapping[str, Any]:
    """What whoever is asked, or has it, sees: what, where, when, and how it stands."""
    offer = state.offer_to(caller.sub)
    return {
        "status": state.status,
        "service": state.service,
        "place": state.place,
        "path": state.path,
        "asks": state.asks,
        "times": state.times,
        "offer_until": None if offer is None else offer.until,
        "volunteer": state.volunteer,
        "by_office": state.by_office,
        "agree_by": state.agree_by,
        "proposal": state.proposal,
        "begin": state.begin,
        "end": state.end,
        "begun": state.begun,
        "begin_confirmed": state.begin_confirmed,
        "ended": state.ended,
        "disputed": state.disputed,
        "minutes": state.minutes,
        "because": state.because,
        "ratings": state.ratings,
    }


def shown(state: Order, caller: Caller) -> Mapping[str, Any]:
    """What the caller sees; who else was asked only those see who dispatch it."""
    seen = dict(as_taken(state, caller))
    if state.hosts(caller.sub) or caller.sub == state.volunteer or is_staff(state, caller):
        seen |= {"resident": state.resident, "placed_by": state.placed_by}
    if state.hosts(caller.sub) or dispatches(state, caller):
        seen |= {
            "placed_at": state.placed_at,
            "level": state.level,
            "climb_by": state.climb_by,
            "organisation": state.organisation,
            "entrusted_until": state.entrusted_until,
            "asked_now": len(state.offers),
        }
    if dispatches(state, caller):
        seen |= {"offers": state.offers, "line": state.line, "alarm": state.alarm}
    return seen


def others(state: Order, caller: Caller) -> Collection[str]:
    """Who else was weighed or asked is kept from all but those who dispatch it; who takes it, from
    whoever was only asked.
    """
    if dispatches(state, caller):
        return ()
    concealed = {*state.known, state.volunteer or ""} - {caller.sub, ""}
    return concealed - {state.volunteer} if state.hosts(caller.sub) else concealed


def entry_for(
    name: str, data: Mapping[str, Any], state: Order, caller: Caller
) -> Mapping[str, Any]:
    """An entry of the dossier as the caller is shown it: how to reach the resident is the
    volunteer's to know only while they have the order.
    """
    taker = caller.sub == state.volunteer and not state.hosts(caller.sub)
    if not taker or staff_of_the_place.allows(caller, state, None, state.path):
        return data
    if name == "EndExplained" or (name == "OrderDescribed" and state.status not in AT_HAND):
        return {}
    return data


sides = the_host | the_taker

orders_api = aggregate_api(
    order,
    collection="orders",
    tag="Orders",
    create=Create(PlaceOrder, may=orders_for_oneself | staff_there),
    verbs={
        "name-times": Verb(NameTimes, may=the_host),
        "cancel": Verb(Cancel, may=the_host),
        "accept": Verb(Accept, may=was_asked),
        "decline": Verb(Decline, may=was_asked),
        "give-back": Verb(GiveBack, may=the_taker),
        "dispatch": Verb(Dispatch, may=staff_there | the_dispatcher),
        "entrust": Verb(Entrust, may=staff_there),
        "return": Verb(ReturnEntrusted, may=the_dispatcher),
        "take-over": Verb(TakeOver, may=staff_of_the_place),
        "end": Verb(EndOrder, may=staff_there),
        "acknowledge": Verb(Acknowledge, may=staff_there),
        "propose-time": Verb(ProposeTime, may=sides),
        "agree": Verb(Agree, may=sides),
        "begin": Verb(Begin, may=sides),
        "finish": Verb(Finish, may=sides),
        "confirm": Verb(Confirm, may=sides),
        "dispute": Verb(Dispute, may=sides),
        "report-absence": Verb(ReportAbsence, may=sides),
        "settle": Verb(Settle, may=staff_there),
        "correct-hours": Verb(CorrectHours, may=staff_there),
        "rate": Verb(Rate, may=sides),
    },
    open=lambda state, caller: can(state, caller.sub, caller.org),
    see=sides | was_asked | the_dispatcher | staff_there,
    shown=shown,
    dossier=Dossier(see=sides | staff_of_the_place, subject="resident", shown=entry_for),
    lies_in=lies_in,
    veil=others,
    history=the_host | staff_there,
)

order_records_api = aggregate_api(
    order_record,
    collection="order-records",
    tag="Orders",
    see=owner("person"),
)
