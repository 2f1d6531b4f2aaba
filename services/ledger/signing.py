"""What the log signs its heads with: private keys from the setting ``JINLIN_LEDGER_KEY``.

One key a line (`python -m services.ledger.keys new` makes one). Heads are signed with the last; an
earlier one stays until it has vouched for its successor.
"""

from functools import cache

from services.ledger.domain.log.log import Signing
from shared.merkle.ed25519 import Signer, signer_in
from shared.merkle.notes import Malformed, Signature
from shared.runtime.settings import PREFIX, WrongSettings, give_up, read_secret

SECRET = "LEDGER_KEY"


def signers_in(text: str) -> tuple[Signer, ...]:
    """The keys in a setting. Raises `Malformed`, without quoting it."""
    signers = tuple(signer_in(line) for line in text.splitlines() if line.strip())
    if not signers:
        raise Malformed("no private key")
    if len({one.key.name for one in signers}) > 1:
        raise Malformed("the keys of one log have one name")
    return signers


def signing_with(signers: tuple[Signer, ...]) -> Signing:
    """Signing with the last of these keys."""
    present = signers[-1]

    def vouch(former: str, body: str, seconds: int) -> Signature | None:
        for one in signers[:-1]:
            if str(one.key) == former:
                return one.sign(body, seconds)
        return None

    return Signing(present.key.name, str(present.key), present.sign, vouch)


@cache
def signing_in_use() -> Signing:
    """As the settings say, read once. Ends the process where they are wrong."""
    try:
        return signing_with(signers_in(read_secret(SECRET)))
    except WrongSettings as wrong:
        give_up(*wrong.lines)
    except Malformed as wrong_key:
        give_up(f"{PREFIX}{SECRET} is wrong: {wrong_key}")
