"""What is taken for an attachment, and how it is cleaned: the type by content, nothing but the
picture left of a picture.

A phone writes into every photo where and when it was taken and on whose device. All of that is
dropped, and whatever stands before, between or behind the picture's own data with it: a web page
or an archive that hides in a file does not come through.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 10 * 1024 * 1024
"""Of one attachment, as it is sent."""
MOST_PIXELS = 50_000_000
"""Of one picture: 150 MB while it is looked at."""
LONGEST_NAME = 100
"""Characters of a file's name, its ending included."""
QUALITY = 92
"""Of a JPEG whose own cannot be kept: pictures that hold several."""
PDF_ENDS_WITHIN = 1024
"""Bytes before the end in which a PDF says where its table of objects is."""

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}

_ORIENTATION = 0x0112
"""The tag of EXIF that says how the camera was held."""
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"}
)
_PDF_HEAD = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n \x00]")
_PDF_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF[\s\x00]*\Z")
_PDF_TABLE = re.compile(rb"\s*(xref\s|\d{1,10}\s+\d{1,5}\s+obj\b)")


class Unfit(Exception):
    """It is none of the types that are taken, or broken. The text says in English what is wrong."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that may be kept."""

    media_type: str
    content: bytes


def clean(content: bytes) -> Clean:
    """The file without anything that does not belong to it. Raises `Unfit`. Takes up to seconds for
    a large picture: call it in a thread.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return Clean(JPEG, _jpeg(content))
    if content.startswith(_PNG_HEAD):
        return Clean(PNG, _png(content))
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Clean(PDF, content)
    raise Unfit("it is no JPEG, PNG or PDF")


def clean_name(given: str | None, media_type: str) -> str:
    """A name that is safe to show and to save under, with the ending of what it really is."""
    text = unicodedata.normalize("NFC", given or "")
    text = re.split(r"[/\\]", text)[-1]
    shown = "".join(
        " " if character.isspace() or character in '<>:"|?*' else character
        for character in text
        # Control and format characters: some turn the direction of what follows.
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", " ".join(shown.split()).strip(". "))
    ending = ENDINGS[media_type]
    return (stem[: LONGEST_NAME - len(ending)].strip(". ") or "attachment") + ending


# --- pictures ------------------------------------------------------------------------------------


def _jpeg(content: bytes) -> bytes:
    picture = _decoded(content, "JPEG")
    keep = {"quality": "keep"} if picture.format == "JPEG" else {"quality": QUALITY}
    turned = _turned(picture)
    colours = picture.info.get("icc_profile")
    # What the writer would take over by itself: comments, XMP, resolution.
    picture.info = {}
    out = BytesIO()
    picture.save(out, "JPEG", icc_profile=colours, exif=_exif(turned) if turned else b"", **keep)
    return out.getvalue()


def _png(content: bytes) -> bytes:
    turned = _turned(_decoded(content, "PNG"))
    parts = [_PNG_HEAD]
    for kind, chunk in _png_chunks(content):
        if kind in _PNG_KEPT:
            parts.append(chunk)
        if kind == b"IHDR" and turned:
            # Orientation is the one thing that belongs to the picture.
            data = _exif(turned).removeprefix(b"Exif\0\0")
            crc = zlib.crc32(data, zlib.crc32(b"eXIf"))
            parts.append(struct.pack(">I4s", len(data), b"eXIf") + data + struct.pack(">I", crc))
    return b"".join(parts)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and bytes of each chunk up to the end of the picture."""
    at = len(_PNG_HEAD)
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        yield kind, content[at : at + 12 + length]
        if kind == b"IEND":
            return
        at += 12 + length
    raise Unfit("the picture breaks off")


def _decoded(content: bytes, format: str) -> "Image.Image":
    """The picture, all of it read. Raises `Unfit`."""
    # Memory that only a process needs to which pictures are sent.
    from PIL import Image, UnidentifiedImageError

    try:
        # Opening reads no more than the size: a small file may unfold to a large picture.
        with Image.open(BytesIO(content), formats=[format]) as probe:
            if probe.width * probe.height > MOST_PIXELS:
                raise Unfit(f"it has more than {MOST_PIXELS:,} pixels")
            probe.verify()
        picture = Image.open(BytesIO(content), formats=[format])
        picture.load()
        return picture
    except Image.DecompressionBombError:
        raise Unfit(f"it has more than {MOST_PIXELS:,} pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as error:
        raise Unfit(f"the picture cannot be read ({type(error).__name__})") from None


def _turned(picture: "Image.Image") -> int | None:
    """How it is to be turned when it is shown: 2 to 8; None where it stands upright."""
    try:
        value = picture.getexif().get(_ORIENTATION)
    except (OSError, SyntaxError, ValueError, struct.error):
        return None  # broken metadata is dropped like all other
    return value if isinstance(value, int) and 2 <= value <= 8 else None


def _exif(turned: int) -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    return exif.tobytes()


# --- documents -----------------------------------------------------------------------------------


def _check_pdf(content: bytes) -> None:
    """A PDF from its first byte to its last, whose table of objects is where it says. Raises
    `Unfit`.
    """
    if not _PDF_HEAD.match(content):
        raise Unfit("the PDF has no known version")
    end = _PDF_END.search(content, max(0, len(content) - PDF_ENDS_WITHIN))
    if end is None:
        raise Unfit("the PDF does not end as one does")
    if not _PDF_TABLE.match(content, int(end[1])):
        raise Unfit("the PDF's table of objects is not where it says")
    if b"obj" not in content:
        raise Unfit("the PDF has nothing in it")
