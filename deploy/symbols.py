"""Cuts off compiled libraries what only debuggers and linkers read: symbols.py FOLDER.

What a process loads of an ELF file its program headers say; symbols, line numbers and the table of
sections lie behind that, in many wheels most of the file. `strip` does as much, but no slim image
has it. Where something that is loaded lies behind them, nothing is cut off.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

ELF_64_LITTLE = b"\x7fELF\x02\x01"
_PROGRAM_HEADERS = struct.Struct("<32xQ14xHH")
"""Of the file's header: where they begin, how long each is, how many there are."""
_SEGMENT = struct.Struct("<8xQ16xQ")
"""Of a program header: where its segment begins and how long it is in the file."""
_SECTIONS_AT, _SECTIONS = 40, 58
"""Where the file's header says where the table of sections begins, and how long it is."""


def main(folder: Path) -> None:
    for file in folder.rglob("*.so*"):
        if file.is_file() and not file.is_symlink():
            file.write_bytes(without_symbols(file.read_bytes()))


def without_symbols(library: bytes) -> bytes:
    """As much of it as is ever loaded; what is no ELF file of 64 bits stays as it is."""
    if not library.startswith(ELF_64_LITTLE):
        return library
    begin, length, count = _PROGRAM_HEADERS.unpack_from(library)
    end = begin + length * count
    for number in range(count):
        offset, size = _SEGMENT.unpack_from(library, begin + length * number)
        end = max(end, offset + size)
    kept = bytearray(library[:end])
    struct.pack_into("<Q", kept, _SECTIONS_AT, 0)
    struct.pack_into("<3H", kept, _SECTIONS, 0, 0, 0)
    return bytes(kept)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
