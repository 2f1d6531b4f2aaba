"""What the ledger issues credentials with: the key and the name of its log
(`services.ledger.signing`).

The log's name is the address of the ledger, too, so the issuer is the ``did:web`` of it. What was
signed with a former key counts on, unless the setting ``JINLIN_LEDGER_KEYS_GIVEN_UP`` names the
key: ``<publicKeyMultibase>=<time>``, several with commas between them.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from services.ledger.credentials.data_integrity import signed
from services.ledger.credentials.disclosing import digests, salted
from services.ledger.credentials.issuers import (
    Issuer,
    IssuerKey,
    WrongKeys,
    did_document,
    did_web,
    method_of,
    read_did_document,
    read_moment,
)
from services.ledger.credentials.multibase import WrongBase, from_multikey
from services.ledger.credentials.plain_json import canonical
from services.ledger.credentials.status_list import FRESH_FOR, entry, unsigned_list
from services.ledger.credentials.writing import moment, unsigned_credential
from services.ledger.domain.credentials.credential_state import Draft, Written
from services.ledger.domain.log.log import Log
from services.ledger.signing import SECRET, signers_in
from shared.merkle.notes import Malformed, key_in, note_in
from shared.runtime.settings import PREFIX, WrongSettings, give_up, read_secret

GIVEN_UP = f"{PREFIX}LEDGER_KEYS_GIVEN_UP"
OVERLAP = timedelta(days=1)
"""How long what a former key signs still counts: processes are not all restarted at once."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Signs in the issuer's name: `base` is its address, `public` the present key."""

    base: str
    public: bytes
    sign: Callable[[bytes], bytes]
    given_up: Mapping[bytes, datetime] = field(default_factory=dict)

    @property
    def did(self) -> str:
        """Who issues."""
        return did_web(self.base)

    def signed(self, document: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        """The document with a proof by the present key."""
        return signed(document, self.sign, method_of(self.did, self.public), moment(at))

    def write(self, draft: Draft) -> Written:
        """A credential, written and signed."""
        claims = salted(draft.claims, draft.salts)
        unsigned = unsigned_credential(
            self.base,
            self.did,
            draft.code,
            draft.name,
            draft.since,
            draft.until,
            entry(self.base, draft.list, draft.entry),
            digests(claims),
        )
        credential = canonical(self.signed(unsigned, draft.since))
        disclosures = canonical([claim.as_json() for claim in claims])
        return Written(credential.decode(), disclosures.decode())

    def status_list(self, number: int, bits: bytes, now: datetime) -> dict[str, Any]:
        """A status list, signed. It is the same for some minutes, unless a bit changes."""
        since = now - (now - datetime(2000, 1, 1, tzinfo=UTC)) % FRESH_FOR
        return self.signed(unsigned_list(self.base, self.did, number, bits, since), since)

    def keys(self, log: Log) -> list[IssuerKey]:
        """The present key, then all that ever signed."""
        expires: dict[bytes, datetime | None] = {self.public: None}
        former: bytes | None = None
        for line in log.keys:
            public = key_in(line.key).public
            if former is not None and line.succession is not None:
                followed = note_in(line.succession).signatures[0].seconds
                expires[former] = datetime.fromtimestamp(followed, UTC) + OVERLAP
            expires.setdefault(public, None)
            former = public
        return [IssuerKey(key, until, self.given_up.get(key)) for key, until in expires.items()]

    def did_document(self, log: Log) -> dict[str, Any]:
        """What others verify credentials with."""
        return did_document(self.did, self.keys(log))

    def issuer(self, log: Log) -> Issuer:
        """The same, to check with."""
        return read_did_document(self.did_document(log))


def given_up_in(text: str) -> dict[bytes, datetime]:
    """The keys that were given up, and since when. Raises `WrongKeys`, `WrongBase`."""
    read = {}
    for one in filter(None, (part.strip() for part in text.split(","))):
        key, _, at = one.partition("=")
        read[from_multikey(key)] = read_moment(at)
    return read


@cache
def issuing_in_use() -> Signatory:
    """As the settings say, read once. Ends the process where they are wrong."""
    try:
        present = signers_in(read_secret(SECRET))[-1]
    except WrongSettings as wrong:
        give_up(*wrong.lines)
    except Malformed as wrong_key:
        give_up(f"{PREFIX}{SECRET} is wrong: {wrong_key}")
    try:
        given_up = given_up_in(os.environ.get(GIVEN_UP, ""))
    except (WrongBase, WrongKeys):
        give_up(f"{GIVEN_UP} is wrong: expected <publicKeyMultibase>=<time>, with commas between")
    key = present.key
    return Signatory(f"https://{key.name}", key.public, present.private.sign, given_up)
