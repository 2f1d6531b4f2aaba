"""What petitions learns from others, and what its own events lead to in other petitions."""

from datetime import datetime

import msgspec

from services.petitions import views
from services.petitions.domain.mediation import (
    EndMediation,
    SendToMediation,
    WaitForMediation,
)
from services.petitions.domain.merging import Adopt, GoOnAlone, LetGo, ShareAnswer
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition
from services.petitions.domain.succession import SPARED, Entrust, Forget, Relinquish, spoke
from services.petitions.domain.whistle import whistle
from services.petitions.domain.whistle_commands import ForgetWhistler
from shared.contracts import community, mediation
from shared.contracts.mediation.disputes import Outcome
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionClosed,
    PetitionMemberRefused,
    PetitionMerged,
    PetitionSplit,
)
from shared.neighbourhood.reactions import (
    learn_homes,
    learn_members,
    learn_organisations,
    learn_places,
    learn_posts,
)
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()
learn_places(reactions)
learn_posts(reactions)
learn_members(reactions)
learn_homes(reactions)
learn_organisations(reactions)


# --- posts change hands ---------------------------------------------------------------------------


async def entrust(do: Do, place: str, duty: str, person: str, former: str | None = None) -> None:
    """Whoever has the duty now gets what waits for it at the place, and what `former` had."""
    below = do.find(petition, views.in_nobodys_hands(place))
    waiting = [id async for id, state in below if state.at == place]
    if former is not None:
        waiting += [id async for id, _ in do.find(petition, views.in_the_hands_of(former))]
    await do.many((petition, id, Entrust(place, duty, person, former)) for id in waiting)


async def relinquish(do: Do, place: str, duty: str, former: str) -> None:
    """What `former` had by that duty waits for the next one; the clocks run on."""
    had = [id async for id, _ in do.find(petition, views.in_the_hands_of(former))]
    await do.many((petition, id, Relinquish(place, duty, former)) for id in had)


@reactions.on(community.PostAssigned)
async def give_it_to_the_new_holder(event: community.PostAssigned, about: About, do: Do) -> None:
    """What waits for the duty is assigned."""
    await entrust(do, event.place, event.duty, event.holder)


@reactions.on(community.PostVacated)
async def take_it_from_the_former_holder(
    event: community.PostVacated, about: About, do: Do
) -> None:
    """What the holder had waits for the next one; the clocks run on."""
    await relinquish(do, event.place, event.duty, event.holder)


@reactions.on(community.DeputyStandsIn)
async def give_it_to_the_deputy(event: community.DeputyStandsIn, about: About, do: Do) -> None:
    """Whoever stands in has what the holder had; what they took on they keep to its end."""
    await entrust(do, event.place, event.duty, event.deputy, event.holder)


@reactions.on(community.HolderAway)
async def take_it_from_who_is_away(event: community.HolderAway, about: About, do: Do) -> None:
    """Nobody stands in: it waits, its clock running, and climbs in time."""
    await relinquish(do, event.place, event.duty, event.holder)


@reactions.on(community.HolderReturned)
async def give_it_to_who_is_back(event: community.HolderReturned, about: About, do: Do) -> None:
    """What waits for the duty is assigned."""
    await entrust(do, event.place, event.duty, event.holder)


# --- merging --------------------------------------------------------------------------------------


@reactions.on(PetitionMerged)
async def adopt(event: PetitionMerged, about: About, do: Do) -> None:
    """The main petition knows its members."""
    await do(petition, event.into, Adopt(event.petition))


@reactions.on(PetitionMemberRefused)
async def send_back(event: PetitionMemberRefused, about: About, do: Do) -> None:
    """Who was not taken goes on alone."""
    await do(petition, event.member, GoOnAlone(event.petition, "refused"))


@reactions.on(PetitionSplit)
async def let_go(event: PetitionSplit, about: About, do: Do) -> None:
    """The main petition knows its members."""
    await do(petition, event.out_of, LetGo(event.petition))


@reactions.on(PetitionAnswered)
async def share_the_answer(event: PetitionAnswered, about: About, do: Do) -> None:
    """Every petition merged into it is answered with the same words and promises."""
    if not event.merged:
        return
    main = await do.get(petition, event.petition)
    if main is None or main.merging is None:
        return
    words = await do.latest(petition, event.petition, "AnswerWritten")
    if words is None:  # it was forgotten meanwhile: its members go on alone when it is closed
        return
    answer = ShareAnswer(
        main=event.petition,
        answered_by=event.by,
        level=event.level,
        at=main.at,
        in_time=event.in_time,
        done=words["done"],
        done_by=words["done_by"],
        follows=tuple(words["follows"]),
        until=tuple(datetime.fromisoformat(moment) for moment in words.get("until", ())),
    )
    await do.many((petition, member, answer) for member in main.merging.members)


@reactions.on(PetitionClosed)
async def leave_no_member_behind(event: PetitionClosed, about: About, do: Do) -> None:
    """What was merged into it and got no answer goes on alone."""
    if not event.merged:
        return
    main = await do.get(petition, event.petition)
    if main is None or main.merging is None:
        return
    alone = GoOnAlone(event.petition, "main-closed")
    await do.many((petition, member, alone) for member in main.merging.members)


# --- mediation ------------------------------------------------------------------------------------


@reactions.on(mediation.DisputeFiled)
async def send_to_mediation(event: mediation.DisputeFiled, about: About, do: Do) -> None:
    """The petition knows of a dispute that comes out of it, if who filed it may say so."""
    if event.petition is not None:
        await do(petition, event.petition, SendToMediation(event.dispute, event.filed_by))


@reactions.on(mediation.DisputeBegun, mediation.DisputeExtended)
async def wait_for_mediation(
    event: mediation.DisputeBegun | mediation.DisputeExtended, about: About, do: Do
) -> None:
    """Its clock is held while they talk."""
    if event.petition is not None:
        await do(petition, event.petition, WaitForMediation(event.dispute, event.until))


@reactions.on(mediation.DisputeEnded)
async def go_on_after_mediation(event: mediation.DisputeEnded, about: About, do: Do) -> None:
    """It is to be answered: with what was agreed, or without that."""
    if event.petition is not None:
        settled = event.outcome in (Outcome.SETTLED, Outcome.PARTLY)
        await do(petition, event.petition, EndMediation(event.dispute, settled))


# --- a person is erased ---------------------------------------------------------------------------


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """What the person raised is taken back where it is open, and its words are gone; what others
    have signed goes on. The person is struck where they signed or supported something.
    """
    theirs: dict[str, Petition] = {}
    for asked in views.all_concerning(event.resident):
        theirs |= {id: state async for id, state in do.find(petition, asked)}
    for id, state in theirs.items():
        words = await do.dossier(petition, id) if spoke(state, event.resident) else ()
        kept = tuple(
            msgspec.convert(entry.data, SPARED[entry.name])
            for entry in words
            if entry.name in SPARED and entry.data.get("about") != "judged"
        )
        await do(petition, id, Forget(event.resident, kept))
    async for id, _ in do.find(whistle, views.all_blown_by(event.resident)):
        await do(whistle, id, ForgetWhistler(event.resident))
