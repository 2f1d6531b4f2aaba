"""What a file is, told by its content as it comes; its name is never asked.

Known are pictures, PDF, the usual recordings, plain text and office documents: what a panel can
open. Nothing else is taken: a file of which nobody can say what it is proves nothing, and is what
hides something best.
"""

import codecs
import re
import struct
from collections.abc import Iterator

HEAD = 4096
"""Bytes from the beginning that most types are told by."""
TAIL = 256 * 1024
"""Bytes before the end that are kept of an archive: its directory stands there."""

_MP4 = {
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
    b"3gp6": "video/3gpp",
    b"3g2a": "video/3gpp2",
    b"isom": "video/mp4",
    b"iso2": "video/mp4",
    b"iso4": "video/mp4",
    b"iso5": "video/mp4",
    b"iso6": "video/mp4",
    b"mp41": "video/mp4",
    b"mp42": "video/mp4",
    b"avc1": "video/mp4",
    b"dash": "video/mp4",
    b"M4V ": "video/mp4",
    b"MSNV": "video/mp4",
}
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BEGINS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
)
_ARCHIVE, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_IN_ARCHIVE = {
    b"word/document.xml": _OPEN_XML + "wordprocessingml.document",
    b"xl/workbook.xml": _OPEN_XML + "spreadsheetml.sheet",
    b"ppt/presentation.xml": _OPEN_XML + "presentationml.presentation",
    b"OFD.xml": "application/ofd",
}
_OPEN_DOCUMENT = re.compile(
    rb"mimetype(application/vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation))PK"
)
_IN_OLD_OFFICE = {
    "WordDocument".encode("utf-16-le"): "application/msword",
    "Workbook".encode("utf-16-le"): "application/vnd.ms-excel",
    "PowerPoint Document".encode("utf-16-le"): "application/vnd.ms-powerpoint",
}
_LONGEST = max(map(len, _IN_OLD_OFFICE))
_NOT_WRITTEN = bytes(set(range(32)) - set(b"\t\n\f\r\x1b")) + b"\x7f"
"""Control characters that no text has."""


class Unknown(Exception):
    """It is none of the types that are taken."""


class Detector:
    """Looks at a file as it comes: `feed` with its pieces, then `type`. Both raise `Unknown`; holds
    a quarter of a megabyte at most.
    """

    def __init__(self) -> None:
        self._head = bytearray()
        self._found: str | None = None
        self._rest: _Text | _Archive | _OldOffice | None = None
        self._decided = False

    def feed(self, piece: bytes) -> None:
        """The next bytes."""
        if not self._decided:
            self._head += piece
            if len(self._head) < HEAD:
                return
            piece = self._decide()
        if self._rest is not None:
            self._rest.feed(piece)

    @property
    def is_empty(self) -> bool:
        """Whether nothing came at all."""
        return not self._decided and not self._head

    def type(self) -> str:
        """What it is, now that all of it has come."""
        if not self._decided:
            piece = self._decide()
            if self._rest is not None:
                self._rest.feed(piece)
        if self._rest is not None:
            return self._rest.type()
        assert self._found is not None, "what is not looked at further is known by its head"
        return self._found

    def _decide(self) -> bytes:
        """Knows the type by the head, or what to look for in all of it: that is given back."""
        self._decided = True
        head = bytes(self._head)
        self._head.clear()
        if head.startswith(_ARCHIVE):
            self._rest = _Archive()
        elif head.startswith(_OLD_OFFICE):
            self._rest = _OldOffice()
        elif (found := _by_head(head)) is not None:
            self._found = found
        else:
            self._rest = _Text()
        return head


def _by_head(head: bytes) -> str | None:
    for begin, media_type in _BEGINS:
        if head.startswith(begin):
            return media_type
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _MP4.get(head[8:12])
    if head[:4] == b"\x1a\x45\xdf\xa3":
        if b"webm" in head[:64]:
            return "video/webm"
        return "video/x-matroska" if b"matroska" in head[:64] else None
    if len(head) >= 4 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    if len(head) >= 4 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 != 0xF0:
        return "audio/mpeg"
    if head[:2] == b"BM" and head[6:10] == bytes(4) and head[14:18] in _BITMAP_HEADERS:
        return "image/bmp"
    return None


_BITMAP_HEADERS = frozenset(struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124))


class _Text:
    """Plain text, in UTF-8, GB 18030 or (where its first bytes say so) UTF-16."""

    def __init__(self) -> None:
        self._decoders: dict[str, codecs.IncrementalDecoder] | None = None

    def feed(self, piece: bytes) -> None:
        if self._decoders is None:
            wide = piece[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
            names = ("utf-16",) if wide else ("utf-8", "gb18030")
            self._decoders = {name: codecs.getincrementaldecoder(name)() for name in names}
        self._decode(piece, final=False)

    def type(self) -> str:
        self._decode(b"", final=True)
        assert self._decoders, "what cannot be read was refused"
        return f"text/plain; charset={next(iter(self._decoders))}"

    def _decode(self, piece: bytes, final: bool) -> None:
        if self._decoders is None:
            raise Unknown
        for name, decoder in tuple(self._decoders.items()):
            try:
                text = decoder.decode(piece, final)
            except UnicodeDecodeError:
                del self._decoders[name]
                continue
            if name == "utf-16" and text.translate(_DROP_CONTROLS) != text:
                del self._decoders[name]
        if "utf-16" not in self._decoders and len(piece.translate(None, _NOT_WRITTEN)) < len(piece):
            raise Unknown
        if not self._decoders:
            raise Unknown


_DROP_CONTROLS = dict.fromkeys(_NOT_WRITTEN)


class _Archive:
    """An office document that is an archive: the names in its directory say which."""

    def __init__(self) -> None:
        self._begin = b""
        self._tail = bytearray()
        self._size = 0

    def feed(self, piece: bytes) -> None:
        if len(self._begin) < 200:
            self._begin += piece[: 200 - len(self._begin)]
        self._size += len(piece)
        self._tail += piece
        if len(self._tail) > 2 * TAIL:
            del self._tail[:-TAIL]

    def type(self) -> str:
        if (open_document := _OPEN_DOCUMENT.search(self._begin)) is not None:
            return open_document[1].decode()
        names = set(self._names())
        for name, media_type in _IN_ARCHIVE.items():
            if name in names:
                return media_type
        raise Unknown

    def _names(self) -> Iterator[bytes]:
        """The names in the directory at the end; none where it is not to be found there."""
        end = self._tail.rfind(b"PK\x05\x06")
        if end < 0 or len(self._tail) < end + 22:
            return
        size, offset = struct.unpack_from("<II", self._tail, end + 12)
        at = offset - (self._size - len(self._tail))
        stop = min(at + size, len(self._tail))
        if at < 0:
            return
        while at + 46 <= stop and self._tail[at : at + 4] == b"PK\x01\x02":
            name, extra, comment = struct.unpack_from("<HHH", self._tail, at + 28)
            yield bytes(self._tail[at + 46 : at + 46 + name])
            at += 46 + name + extra + comment


class _OldOffice:
    """An office document as they were before: the names of its streams say which."""

    def __init__(self) -> None:
        self._last = b""
        self._found: str | None = None

    def feed(self, piece: bytes) -> None:
        if self._found is None:
            seen = self._last + piece
            kinds = _IN_OLD_OFFICE.items()
            self._found = next((media for name, media in kinds if name in seen), None)
            self._last = seen[-_LONGEST:]

    def type(self) -> str:
        if self._found is None:
            raise Unknown
        return self._found
