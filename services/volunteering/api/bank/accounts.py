"""Accounts over HTTP: the table, one's own accounts, and what was said with what came in."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.volunteering.access import (
    convenor_there,
    for_a_shop,
    for_themselves,
    its_keepers,
    staff_there,
)
from services.volunteering.domain.bank.account import account, open_verbs
from services.volunteering.domain.bank.account_commands import Buy, Decline, Give, Open, Refund
from services.volunteering.domain.bank.legs import person_account
from services.volunteering.domain.bank.state import Account
from services.volunteering.views.bank import accounts_kept_by
from shared.contracts.types import Id
from shared.neighbourhood.scopes import path_of
from shared.runtime import cursors
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.identity import Caller
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store


def lies_in(copies: Copies, state: Account | None, command: Any) -> Sequence[str]:
    """Where the person is at home, or the team serves."""
    return path_of(copies, command.place) if state is None else state.path


def shown(state: Account, _caller: Caller) -> Mapping[str, Any]:
    """What its keepers see; what guards the codes for tills is nobody's."""
    return {
        "status": state.status,
        "holder": state.holder,
        "of_a_team": state.of_a_team,
        "keepers": state.keepers,
        "balance": state.balance,
        "owed": state.owed,
        "lots": state.lots,
        "holds": state.holds,
        "received": state.received,
        "redemptions": state.redemptions,
        "given": state.given,
        "scores": [score for score in (state.even, state.odd) if score.year],
    }


def bought(state: Account, _caller: Caller) -> Mapping[str, Any]:
    """What was wanted last: the purchase stands in `holds` until it comes to its end."""
    purchase = state.holds[-1].purchase if state.holds else None
    return {"purchase": purchase, "balance": state.balance}


def account_id(command: Open) -> str:
    """The account of whoever it is for."""
    return person_account(command.person or command.by)


accounts_api = aggregate_api(
    account,
    collection="accounts",
    tag="Points bank",
    create=Create(Open, may=for_themselves | staff_there, id=account_id),
    verbs={
        "give": Verb(Give, may=its_keepers),
        "decline": Verb(Decline, may=its_keepers),
        "buy": Verb(Buy, may=its_keepers, tells=bought),
        # Whose till took what, the rules say.
        "refund": Verb(Refund, may=for_a_shop, see=for_a_shop),
    },
    open=lambda state, _caller: open_verbs(state),
    see=its_keepers | convenor_there,
    shown=shown,
    dossier=Dossier(see=its_keepers, names=("WordGiven",), subject="holder"),
    lies_in=lies_in,
)

queries = Queries(tags=["Points bank"])


@queries.get("/accounts/mine", may=anyone, note="those that the caller keeps")
async def my_accounts(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The caller's own account, and those of the teams that they lead."""
    asked = accounts_kept_by(caller.sub, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find(account.kind, asked)
    items = []
    for stored in page.items:
        state = store.read(account, stored)
        can = verbs_open_to(accounts_api, state, caller, state.path)
        items.append(
            {"id": stored.id, "version": stored.version, **shown(state, caller), "can": can}
        )
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/accounts/{id}/received", may=anyone, note="who keeps the account")
async def received(id: Id, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """What was given and can still be declined, with the word that came with it."""
    state = await kept(store, caller, id)
    senders = sorted({account.stream(one.sender) for one in state.received})
    words: dict[str, str] = {}
    if senders:
        dossiers = await store.journal.dossiers(senders)
        # The words lie with who wrote them: they see who read them.
        now = store.clock.now()
        await store.journal.record_reading(caller.sub, senders, "a gift's word", now)
        words = {
            entry.data["transfer"]: entry.data["word"]
            for entries in dossiers.values()
            for entry in entries
            if entry.name == "WordGiven"
        }
    items = [
        {
            "transfer": one.transfer,
            "sender": one.sender,
            "points": one.points,
            "until": one.until,
            "word": words.get(one.transfer),
        }
        for one in state.received
    ]
    return {"items": items}


async def kept(store: Store, caller: Caller, id: str) -> Account:
    """The account, for those who keep it. Raises `NotFound`."""
    snapshot = await store.get(account, id)
    if snapshot is None or not its_keepers.allows(caller, snapshot.state, None):
        raise NotFound
    return snapshot.state
