"""Types are told by content: known ones however they are cut, and nothing else."""

import io
import random
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from services.mediation.media_types import TAIL, Detector, Unknown


def told(content: bytes, length: int = 65536) -> str:
    detector = Detector()
    for start in range(0, len(content), length):
        detector.feed(content[start : start + length])
    return detector.type()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, kind)
    return out.getvalue()


def archive(*names: str, kept: bool = False, padding: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name in names:
            made.writestr(name, b"x" * 20)
        if padding:
            made.writestr("media/image.bin", random.Random(1).randbytes(padding))
    return out.getvalue()


def open_document(kind: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        made.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        made.writestr("content.xml", "<x/>")
    return out.getvalue()


OPEN_XML = "application/vnd.openxmlformats-officedocument."
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000)
KNOWN = [
    (picture("JPEG"), "image/jpeg"),
    (picture("PNG"), "image/png"),
    (picture("GIF"), "image/gif"),
    (picture("WEBP"), "image/webp"),
    (picture("BMP"), "image/bmp"),
    (picture("TIFF"), "image/tiff"),
    (picture("PDF"), "application/pdf"),
    (b"\x00\x00\x00\x18ftypheic" + bytes(50), "image/heic"),
    (b"\x00\x00\x00\x18ftypmp42" + bytes(50), "video/mp4"),
    (b"\x00\x00\x00\x18ftypqt  " + bytes(50), "video/quicktime"),
    (b"\x00\x00\x00\x18ftypM4A " + bytes(50), "audio/mp4"),
    (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x82\x84webm", "video/webm"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(30), "audio/wav"),
    (b"ID3\x03\x00" + bytes(100), "audio/mpeg"),
    (b"\xff\xfb\x90\x64" + bytes(400), "audio/mpeg"),
    (b"\xff\xf1\x50\x80" + bytes(400), "audio/aac"),
    (b"#!AMR\n" + bytes(30), "audio/amr"),
    (b"OggS" + bytes(30), "audio/ogg"),
    (b"fLaC" + bytes(30), "audio/flac"),
    ("两户人家争一条走廊。\n".encode() * 900, "text/plain; charset=utf-8"),
    ("两户人家争一条走廊。\n".encode("gb18030") * 900, "text/plain; charset=gb18030"),
    ("两户人家争一条走廊。\n".encode("utf-16"), "text/plain; charset=utf-16"),
    (archive("[Content_Types].xml", "word/document.xml"), OPEN_XML + "wordprocessingml.document"),
    (
        archive("[Content_Types].xml", "xl/workbook.xml", padding=3 * TAIL),
        OPEN_XML + "spreadsheetml.sheet",
    ),
    (archive("ppt/presentation.xml"), OPEN_XML + "presentationml.presentation"),
    (archive("OFD.xml"), "application/ofd"),
    (open_document("text"), "application/vnd.oasis.opendocument.text"),
    (OLD + "WordDocument".encode("utf-16-le") + bytes(100), "application/msword"),
    (OLD + "Workbook".encode("utf-16-le") + bytes(100), "application/vnd.ms-excel"),
]
UNKNOWN = [
    b"MZ" + bytes(200),
    b"\x7fELF" + bytes(200),
    archive("setup.exe"),
    archive("inside.docx", padding=100),
    archive("word/document.xml")[:-30],
    OLD + "Property".encode("utf-16-le"),
    b"text\x00with a zero",
    "几行字\n".encode() * 2000 + b"\x00\x01\x02",
    b"\xff\xff\xff\xff" * 50,
    b"RIFF\x24\x00\x00\x00ACON" + bytes(30),
    b"\x1a\x45\xdf\xa3" + bytes(90),
    b"BM this is not a bitmap" + b"\x01" * 40,
    b"\xff\xfe\x01\x00",
    b"",
]


@pytest.mark.parametrize("length", [1000, 4096, 65536])
@pytest.mark.parametrize(("content", "media_type"), KNOWN, ids=[kind for _, kind in KNOWN])
def test_what_is_known(content: bytes, media_type: str, length: int) -> None:
    assert told(content, length) == media_type


@pytest.mark.parametrize("content", UNKNOWN, ids=range(len(UNKNOWN)))
def test_what_is_not(content: bytes) -> None:
    if content:
        with pytest.raises(Unknown):
            told(content)
    else:
        assert Detector().is_empty


@settings(max_examples=60)
@given(st.integers(0, len(KNOWN) - 1), st.lists(st.integers(50, 3000), min_size=1, max_size=9))
def test_it_does_not_matter_how_the_network_cuts_it(which: int, lengths: list[int]) -> None:
    content, media_type = KNOWN[which]
    detector, at, n = Detector(), 0, 0
    while at < len(content):
        length = lengths[n % len(lengths)]
        detector.feed(content[at : at + length])
        at, n = at + length, n + 1
    assert detector.type() == media_type


@given(st.binary(max_size=6000))
def test_it_never_fails_otherwise(content: bytes) -> None:
    try:
        told(content, 777) if content else None
    except Unknown:
        pass


def test_a_directory_that_lies_is_not_followed() -> None:
    content = bytearray(archive("word/document.xml"))
    struct.pack_into("<I", content, content.rfind(b"PK\x05\x06") + 16, 2**32 - 1)
    with pytest.raises(Unknown):
        told(bytes(content))
