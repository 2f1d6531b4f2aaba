"""Each change of one bit in evidence is found by its digest, wherever it is."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from services.mediation.api.evidence.reading import Altered, unaltered
from shared.runtime.clock import SystemClock
from shared.runtime.files import PIECE
from shared.runtime.memory_journal import MemoryJournal

CONTENTS = st.one_of(
    st.binary(min_size=1, max_size=300),
    st.integers(PIECE - 2, 2 * PIECE + 2).map(lambda size: bytes(n % 251 for n in range(size))),
)


@settings(max_examples=60)
@given(CONTENTS, st.data())
def test_one_bit_is_enough(content: bytes, data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    given_out, altered = asyncio.run(stored_altered_and_read(content, bit))
    assert altered
    assert len(given_out) < len(content)


@settings(max_examples=20)
@given(CONTENTS)
def test_what_is_the_same_is_given_out_whole(content: bytes) -> None:
    assert asyncio.run(stored_altered_and_read(content, None)) == (content, False)


async def stored_altered_and_read(content: bytes, bit: int | None) -> tuple[bytes, bool]:
    """What is given out of a file in which this bit was turned, and whether that was noticed."""
    journal = MemoryJournal(SystemClock())

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    stored = await journal.files.put("evidence-e1", "x", "text/plain", chunks(), len(content))
    assert stored.sha256 == sha256(content).hexdigest()
    if bit is not None:
        pieces = journal.disk._shelf.pieces[stored.id]
        n, within = divmod(bit // 8, PIECE)
        turned = bytearray(pieces[n])
        turned[within] ^= 1 << bit % 8
        pieces[n] = bytes(turned)
    _, read = await journal.files.open(stored.id)
    given_out = b""
    try:
        async for piece in unaltered(read, stored.sha256, stored.id):
            given_out += piece
    except Altered:
        return given_out, True
    return given_out, False
