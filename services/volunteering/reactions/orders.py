"""What other events lead to in three-order service (点单 派单 接单)."""

from services.volunteering.domain.orders.commands import (
    ErasePerson,
    LookAgain,
    LoseTaker,
    TellOffice,
    Weigh,
)
from services.volunteering.domain.orders.order import order
from services.volunteering.domain.orders.record import (
    BeginAnew,
    ForgetRecord,
    NoteAwaited,
    NoteLeft,
    NoteOffered,
    NoteRated,
    NoteServed,
    NoteSettled,
    NoteTaken,
    order_record,
)
from services.volunteering.domain.orders.state import OVER, Order
from services.volunteering.offices import DUTIES
from services.volunteering.searching import takers
from services.volunteering.views.orders import orders_with, unheard_at
from shared.contracts import community
from shared.contracts.volunteering.orders import (
    OrderAccepted,
    OrderAgreed,
    OrderCancelled,
    OrderDone,
    OrderEnded,
    OrderGivenBack,
    OrderOffered,
    OrderPlaced,
    OrderRated,
    TakersSought,
)
from shared.contracts.volunteering.teams import (
    VolunteerFitnessChanged,
    VolunteerStopped,
    VolunteerSuspended,
)
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


@reactions.on(TakersSought)
async def look_for_takers(event: TakersSought, about: About, do: Do) -> None:
    """Those who could take it are found, and weighed by the order's own rules."""
    state = await do.get(order, event.order)
    if state is None or state.round != event.number:
        return
    found = await takers(do.find, state, about.time)
    await do(order, event.order, Weigh(event.number, found))


# --- each person's record -------------------------------------------------------------------------


@reactions.on(OrderPlaced)
async def note_waiting(event: OrderPlaced, about: About, do: Do) -> None:
    """The resident waits for it."""
    if event.resident is not None:
        await do(order_record, event.resident, NoteAwaited(event.resident, event.order))


@reactions.on(OrderOffered)
async def note_offers(event: OrderOffered, about: About, do: Do) -> None:
    """Whoever was asked had their turn."""
    await do.many((order_record, person, NoteOffered(person)) for person in event.volunteers)


@reactions.on(OrderAccepted)
async def note_taking(event: OrderAccepted, about: About, do: Do) -> None:
    """The volunteer has one more at hand."""
    await do(order_record, event.volunteer, NoteTaken(event.volunteer, event.order))


@reactions.on(OrderAgreed)
async def note_time(event: OrderAgreed, about: About, do: Do) -> None:
    """The volunteer is there then, and nowhere else."""
    taken = NoteTaken(event.volunteer, event.order, event.begin, event.end)
    await do(order_record, event.volunteer, taken)


@reactions.on(OrderGivenBack)
async def note_giving_back(event: OrderGivenBack, about: About, do: Do) -> None:
    """Late, or not coming at all, puts them behind others for a while."""
    left = NoteLeft(
        event.volunteer,
        event.order,
        blameless=event.because in ("stopped", "suspended", "unfit", "erased"),
        late=event.late,
        absent=event.because == "absent",
    )
    await do(order_record, event.volunteer, left)


@reactions.on(OrderDone)
async def note_service(event: OrderDone, about: About, do: Do) -> None:
    """It is done for both."""
    served = NoteServed(event.volunteer, event.order, event.minutes)
    await do(order_record, event.volunteer, served)
    await do(order_record, event.resident, NoteSettled(event.resident, event.order))


@reactions.on(OrderCancelled)
async def note_cancelling(event: OrderCancelled, about: About, do: Do) -> None:
    """The volunteer is free again; who cancels late is remembered for it."""
    await free(event.volunteer, event.order, do)
    settled = NoteSettled(event.resident, event.order, late=event.late)
    await do(order_record, event.resident, settled)


@reactions.on(OrderEnded)
async def note_end(event: OrderEnded, about: About, do: Do) -> None:
    """The volunteer is free again; who was not at home is remembered for it."""
    await free(event.volunteer, event.order, do)
    settled = NoteSettled(event.resident, event.order, late=event.because == "nobody-home")
    await do(order_record, event.resident, settled)


async def free(volunteer: str | None, id: str, do: Do) -> None:
    """It is no fault of theirs that they have it no more."""
    if volunteer is not None:
        await do(order_record, volunteer, NoteLeft(volunteer, id, blameless=True))


@reactions.on(OrderRated)
async def note_rating(event: OrderRated, about: About, do: Do) -> None:
    """How they were."""
    if event.person is not None:
        await do(order_record, event.person, NoteRated(event.person, event.stars))


# --- people come and go ---------------------------------------------------------------------------


@reactions.on(VolunteerStopped, VolunteerSuspended)
async def let_go(event: VolunteerStopped | VolunteerSuspended, about: About, do: Do) -> None:
    """What they have at hand is given back, what they are asked goes to the next."""
    if isinstance(event, VolunteerSuspended):
        lost = LoseTaker(event.volunteer, "suspended", event.until)
    else:
        lost = LoseTaker(event.volunteer, "stopped")
    found = await concerning(event.volunteer, do, "volunteer", "offers.volunteer")
    await do.many((order, id, lost) for id, state in found.items() if state.status not in OVER)


@reactions.on(VolunteerFitnessChanged)
async def look_at_takers_again(event: VolunteerFitnessChanged, about: About, do: Do) -> None:
    """Who lacks what is asked has it no more, and is not asked for it."""
    found = await concerning(event.volunteer, do, "volunteer", "offers.volunteer")
    again = LookAgain(event.volunteer)
    await do.many((order, id, again) for id, state in found.items() if state.status not in OVER)


@reactions.on(community.PostAssigned, community.HolderReturned)
async def tell_the_holder(
    event: community.PostAssigned | community.HolderReturned, about: About, do: Do
) -> None:
    """An alarm that nobody heard is heard now."""
    await tell_office(event.place, event.duty, event.holder, do)


@reactions.on(community.DeputyStandsIn)
async def tell_the_deputy(event: community.DeputyStandsIn, about: About, do: Do) -> None:
    """An alarm that nobody heard is heard now."""
    await tell_office(event.place, event.duty, event.deputy, do)


async def tell_office(place: str, duty: str, person: str, do: Do) -> None:
    """Somebody does the duty at an office again."""
    if duty in DUTIES:
        ids = [id async for id, _ in do.find(order, unheard_at(place))]
        await do.many((order, id, TellOffice(place, person)) for id in ids)


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """What they ordered, and what they do for others, goes with them."""
    found = await concerning(event.resident, do, "resident", "volunteer", "offers.volunteer")
    await do.many((order, id, ErasePerson(event.resident)) for id in found)
    await do(order_record, event.resident, ForgetRecord())


@reactions.on(community.ResidentRegistered)
async def begin_record_anew(event: community.ResidentRegistered, about: About, do: Do) -> None:
    """Who was erased and has come back has a record again."""
    known = await do.get(order_record, event.resident)
    if known is not None and known.forgotten:
        await do(order_record, event.resident, BeginAnew())


async def concerning(person: str, do: Do, *fields: str) -> dict[str, Order]:
    """The orders in which somebody stands in one of these fields, by id."""
    return {
        id: state
        for field in fields
        async for id, state in do.find(order, orders_with(field, person, limit=200))
    }
