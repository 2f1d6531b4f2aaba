"""Heads as signed notes, in the formats that logs and their witnesses elsewhere use, too.

* a head: a checkpoint (https://c2sp.org/tlog-checkpoint): the log's name, its size, its root;
* a signature: a timestamped one (https://c2sp.org/tlog-cosignature, Ed25519), of the log itself as
  of whoever cosigns;
* a key: ``<name>+<id>+<public key>`` (https://c2sp.org/signed-note).

Nothing here signs: `Sign` and `Verify` are Ed25519, given by whoever calls
(`shared.merkle.ed25519`).
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from shared.merkle.tree import LENGTH, BadProof

TIMESTAMPED = 4
"""The type of a timestamped Ed25519 signature and of its key."""
MOST_SIGNATURES = 64
LONGEST_NOTE = 20_000
"""Characters."""
LONGEST_NAME = 100
LATEST = 253_402_300_799
"""POSIX seconds: the end of the year 9999."""

_NAME = re.compile(rf"[!-*,-~]{{1,{LONGEST_NAME}}}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,14}")

Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether the public key made the signature over the message."""
Sign = Callable[[bytes], bytes]
"""The signature over a message."""


class Malformed(Exception):
    """A text is not what it is taken for. The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with a name. `str` writes it in one line."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Tells the keys of one name apart; no more than that."""
        said = f"{self.name}\n".encode() + bytes([TIMESTAMPED]) + self.public
        return sha256(said).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the key in groups, for people to compare."""
        digest = sha256(self.public).hexdigest()
        return " ".join(digest[at : at + 8] for at in range(0, 64, 8))

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64(bytes([TIMESTAMPED]) + self.public)}"


def key_in(text: str) -> Key:
    """Reads a key. Raises `Malformed`."""
    name, id, material = [*text.strip().split("+", 2), "", ""][:3]
    raw = unbase64(material)
    if not _NAME.fullmatch(name) or len(raw) != 1 + LENGTH or raw[0] != TIMESTAMPED:
        raise Malformed("not a key: expected <name>+<id>+<base64 of a timestamped Ed25519 key>")
    key = Key(name, raw[1:])
    if key.id.hex() != id:
        raise Malformed(f"not a key: its id should be {key.id.hex()}")
    return key


@dataclass(frozen=True, slots=True)
class Head:
    """What a log says of itself: that it has `size` entries, with this root hash."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line: whose, when (POSIX seconds), and the signature itself."""

    name: str
    id: bytes
    seconds: int
    signature: bytes

    def __str__(self) -> str:
        stamped = self.id + self.seconds.to_bytes(8, "big") + self.signature
        return f"— {self.name} {base64(stamped)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and who signed it."""

    body: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.body}\n" + "".join(map(str, self.signatures))

    def signed_by(self, key: Key, verify: Verify) -> int | None:
        """When the key signed it, in POSIX seconds; None where it did not.

        Raises `BadProof` where a signature claims to be the key's and is not.
        """
        for one in self.signatures:
            if (one.name, one.id) == (key.name, key.id):
                if not verify(key.public, one.signature, message(self.body, one.seconds)):
                    raise BadProof(f"a signature in the name of {key.name} is not of its key")
                return one.seconds
        return None


def message(body: str, seconds: int) -> bytes:
    """What a timestamped signature is made over."""
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def signature_of(key: Key, body: str, seconds: int, sign: Sign) -> Signature:
    """The key's signature over a text, as of then."""
    return Signature(key.name, key.id, seconds, sign(message(body, seconds)))


def note_in(text: str) -> Note:
    """Reads a signed note; signatures of other types are left out. Raises `Malformed`."""
    if len(text) > LONGEST_NOTE or "\r" in text or not text.endswith("\n"):
        raise Malformed("not a signed note")
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not body:
        raise Malformed("not a signed note: there is no blank line before the signatures")
    return Note(f"{body}\n", tuple(signatures_in(lines)))


def signatures_in(text: str) -> Iterable[Signature]:
    """Reads signature lines; those of other types are left out. Raises `Malformed`."""
    lines = text.splitlines()
    if len(lines) > MOST_SIGNATURES:
        raise Malformed("too many signatures")
    for line in lines:
        dash, _, rest = line.partition(" ")
        name, _, stamped = rest.partition(" ")
        raw = unbase64(stamped)
        if dash != "—" or not _NAME.fullmatch(name) or len(raw) < 5:
            raise Malformed("not a signature line: expected — <name> <base64>")
        if len(raw) != 4 + 8 + 64:
            continue
        seconds = int.from_bytes(raw[4:12], "big")
        if seconds > LATEST:
            raise Malformed("not a signature line: its time is none")
        yield Signature(name, raw[:4], seconds, raw[12:])


def head_in(body: str) -> Head:
    """Reads what was signed as a head; lines after the third are others' extensions. Raises
    `Malformed`.
    """
    origin, size, root = [*body.split("\n"), "", ""][:3]
    raw = unbase64(root)
    if not _NAME.fullmatch(origin) or not _SIZE.fullmatch(size) or len(raw) != LENGTH:
        raise Malformed("not a head: expected a name, a size and a root hash, a line each")
    return Head(origin, int(size), raw)


# --- one key after another -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key of a log. `succession` is the note by which the key before it vouches for it: none for
    the first.
    """

    key: str
    succession: str | None = None


def succession_body(origin: str, key: str) -> str:
    """What an old key signs to say that the log signs with this key from now on. No head looks like
    it: a size is a number.
    """
    return f"{origin}\nkey\n{key}\n"


def key_chain(origin: str, lines: Sequence[KeyLine], verify: Verify) -> list[Key]:
    """The keys of a log, each vouched for by the one before it. Raises `BadProof`, `Malformed`."""
    keys: list[Key] = []
    for line in lines:
        key = key_in(line.key)
        if key.name != origin:
            raise BadProof(f"a key is of {key.name}, not of {origin}")
        if keys:
            note = note_in(line.succession or "")
            if note.body != succession_body(origin, str(key)):
                raise BadProof("a key is vouched for in other words than its own")
            if note.signed_by(keys[-1], verify) is None:
                raise BadProof("a key is not vouched for by the one before it")
        keys.append(key)
    if not keys:
        raise BadProof("there is no key")
    return keys


def base64(raw: bytes) -> str:
    """As RFC 4648, 4."""
    return b64encode(raw).decode()


def unbase64(text: str) -> bytes:
    """The bytes; none for what is no base64, or not the only way to write them."""
    try:
        raw = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""
    return raw if base64(raw) == text else b""
