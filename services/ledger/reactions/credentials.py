"""What follows for credentials: documents are learnt with the events that tell their digests, and
credentials end with them.

Another service whose documents become credentials needs a row of `HELD`, and one of `WITHDRAWN`
where they can be withdrawn; their type is a row of `domain.credentials.documents.FORMS`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.ledger.domain.credentials.credential import credential
from services.ledger.domain.credentials.credential_commands import (
    ForgetHolder,
    RevokeAsReplaced,
    RevokeAsWithdrawn,
)
from services.ledger.domain.credentials.sealed_document import (
    LearnDocument,
    LearnWithdrawal,
    StrikeHolder,
    sealed_document,
)
from services.ledger.domain.credentials.status_list import RevokeEntry, status_list
from services.ledger.views.credentials import (
    credentials_in_force_of,
    credentials_of,
    documents_held_by,
    documents_of,
)
from shared.contracts.community import ResidentErased
from shared.contracts.event import Event
from shared.contracts.ledger import CredentialIssued, CredentialRevoked
from shared.contracts.mediation import AgreementInForce, AgreementRevoked
from shared.contracts.volunteering import CertificateIssued, CertificateWithdrawn
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()

HELD: Mapping[type[Event], Callable[[Any], tuple[str, tuple[str, ...]]]] = {
    CertificateIssued: lambda event: (f"certificate:{event.certificate}", (event.volunteer,)),
    AgreementInForce: lambda event: (f"agreement:{event.agreement}", event.holders),
}
"""Of events with a digest: the thing whose document it is, and who may have a credential of it."""

WITHDRAWN: Mapping[type[Event], Callable[[Any], str]] = {
    CertificateWithdrawn: lambda event: f"certificate:{event.certificate}",
    AgreementRevoked: lambda event: f"agreement:{event.agreement}",
}
"""Of events after which a document counts no more: the thing whose document it was."""


@reactions.on(*HELD)
async def learn_document(event: Any, about: About, do: Do) -> None:
    """Its holders may have a credential made from it."""
    source, holders = HELD[type(event)](event)
    await do(sealed_document, event.digest.lower(), LearnDocument(source, holders))


@reactions.on(*WITHDRAWN)
async def learn_withdrawal(event: Any, about: About, do: Do) -> None:
    """The document counts no more, and neither does what was made from it."""
    async for digest, _ in do.find(sealed_document, documents_of(WITHDRAWN[type(event)](event))):
        await do(sealed_document, digest, LearnWithdrawal())
        async for id, _ in do.find(credential, credentials_in_force_of(digest)):
            await do(credential, id, RevokeAsWithdrawn())


@reactions.on(CredentialIssued)
async def look_again(event: CredentialIssued, about: About, do: Do) -> None:
    """What was withdrawn while the credential was being issued is noticed now; and the credential
    in whose place it stands ends.
    """
    known = await do.get(sealed_document, event.digest)
    if known is not None and known.withdrawn:
        await do(credential, event.credential, RevokeAsWithdrawn())
    if event.replaces is not None:
        await do(credential, event.replaces, RevokeAsReplaced())


@reactions.on(CredentialRevoked)
async def tell_the_status_list(event: CredentialRevoked, about: About, do: Do) -> None:
    """Whoever looks at the list sees it."""
    known = await do.get(credential, event.credential)
    if known is not None:
        await do(status_list, str(known.list), RevokeEntry(known.entry))


@reactions.on(ResidentErased)
async def forget(event: ResidentErased, about: About, do: Do) -> None:
    """What their credentials said is gone, and whose they were."""
    async for id, _ in do.find(credential, credentials_of(event.resident)):
        await do(credential, id, ForgetHolder())
    async for digest, _ in do.find(sealed_document, documents_held_by(event.resident)):
        await do(sealed_document, digest, StrikeHolder(event.resident))
