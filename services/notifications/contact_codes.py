"""Codes that confirm addresses, and the links that unsubscribe: made from what they are for and the
secret of the installation; kept nowhere.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from hashlib import sha256

from services.notifications.domain.kinds import Topic
from shared.runtime.settings import WrongSettings, give_up, read_secret, read_text

SECRET = "CONTACT_SECRET"
PAGE = "UNSUBSCRIBE_PAGE"
DIGITS = 6
SEAL_BYTES = 16
"""128 bits: nobody makes a link for somebody else."""
LONGEST_TOKEN = 400


def code_for(person: str, way: str, turn: int, secret: str) -> str:
    """The `turn`-th code that is sent to the address of a way."""
    made = _seal("\n".join(("address-code", person, way, str(turn))), secret)
    return f"{int.from_bytes(made) % 10**DIGITS:0{DIGITS}d}"


def is_code(given: str, person: str, way: str, turn: int, secret: str) -> bool:
    """Whether it is that code; takes as long whatever was given."""
    return hmac.compare_digest(given.encode(), code_for(person, way, turn, secret).encode())


def unsubscribe_token(person: str, topic: Topic | None, secret: str) -> str:
    """What stands in the link of an e-mail to a person about a topic; None: for all e-mail. It is
    good for ever: whoever finds an old letter can still unsubscribe (RFC 8058).
    """
    said = f"{person}\n{'' if topic is None else topic.value}"
    sealed = said.encode() + _seal(f"unsubscribe\n{said}", secret)[:SEAL_BYTES]
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def unsubscribe_link(person: str, topic: Topic) -> str | None:
    """The link of an e-mail about a topic; None where ``JINLIN_UNSUBSCRIBE_PAGE`` does not say
    under which address people reach the page.
    """
    page = page_in_use()
    return None if page is None else f"{page}?t={unsubscribe_token(person, topic, secret_in_use())}"


def unsubscribes(token: str, secret: str) -> tuple[str, Topic | None] | None:
    """Whom and from what a link unsubscribes; None where it is not one of ours."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        said, seal = sealed[:-SEAL_BYTES].decode(), sealed[-SEAL_BYTES:]
    except ValueError:
        return None
    if not hmac.compare_digest(seal, _seal(f"unsubscribe\n{said}", secret)[:SEAL_BYTES]):
        return None
    person, _, topic = said.partition("\n")
    try:
        return person, Topic(topic) if topic else None
    except ValueError:
        return None  # a topic that there is no more


def mark_of(address: str, secret: str) -> str:
    """What an address is recognised by without being kept."""
    return _seal(f"address\n{address}", secret).hex()[:32]


def _seal(said: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), said.encode(), sha256).digest()


@cache
def secret_in_use() -> str:
    """``JINLIN_CONTACT_SECRET``, read once. Ends the process where it is missing; the service does
    not start without it.
    """
    try:
        return read_secret(SECRET)
    except WrongSettings as wrong:
        give_up(*wrong.lines)


@cache
def page_in_use() -> str | None:
    """``JINLIN_UNSUBSCRIBE_PAGE``, read once: the web address of this service's ``/unsubscribe`` as
    people reach it.
    """
    return read_text(PAGE)
