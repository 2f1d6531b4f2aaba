"""What is taken for an attachment, and what is left of it."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from services.petitions import cleaning
from services.petitions.cleaning import JPEG, PDF, PNG, Unfit, clean, clean_name

PDF_FILE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
    b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n96\n%%EOF\n"
)


def picture(width: int = 64, height: int = 48) -> Image.Image:
    return Image.effect_noise((width, height), 50).convert("RGB")


def told_of(turned: int = 6) -> Image.Exif:
    """What a phone writes into a photo."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "SecretPhone"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (26.0, 1.0, 2.0), "E", (119.0, 1.0, 2.0)
    return exif


def jpeg(**rest: object) -> bytes:
    out = BytesIO()
    picture().save(out, "JPEG", quality=80, **rest)
    return out.getvalue()


def png(**rest: object) -> bytes:
    out = BytesIO()
    picture().save(out, "PNG", **rest)
    return out.getvalue()


# --- pictures --------------------------------------------------------------------------------


def test_of_a_photo_nothing_but_the_picture_and_its_orientation_stays() -> None:
    sent = jpeg(exif=told_of(), comment=b"SecretComment", xmp=b"<x:xmpmeta>SecretXmp</x:xmpmeta>")
    # IPTC, as newspapers' programs write it.
    sent = sent[:2] + b"\xff\xed\x00\x10Photoshop 3.0\0" + sent[2:]
    for secret in (b"SecretPhone", b"SecretComment", b"SecretXmp", b"Photoshop"):
        assert secret in sent
    kept = clean(sent)
    assert kept.media_type == JPEG
    assert b"Secret" not in kept.content
    assert b"Photoshop" not in kept.content
    shown = Image.open(BytesIO(kept.content))
    assert dict(shown.getexif()) == {0x0112: 6}
    assert not shown.getexif().get_ifd(0x8825)
    before, after = Image.open(BytesIO(sent)).tobytes(), shown.tobytes()
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 16


def test_an_upright_photo_has_no_metadata_at_all() -> None:
    kept = clean(jpeg(exif=told_of(turned=1)))
    assert b"Exif" not in kept.content


def test_of_a_png_no_text_stays_and_every_pixel_does() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("GPS", "Secret", zip=True)
    words.add_itxt("XML:com.adobe.xmp", "Secret")
    sent = png(pnginfo=words, exif=told_of())
    kept = clean(sent)
    assert kept.media_type == PNG
    for chunk in (b"tEXt", b"zTXt", b"iTXt", b"Secret"):
        assert chunk not in kept.content
    shown = Image.open(BytesIO(kept.content))
    shown.load()
    assert dict(shown.getexif()) == {0x0112: 6}
    assert shown.tobytes() == Image.open(BytesIO(sent)).tobytes()


@pytest.mark.parametrize("sent", [jpeg(), png()], ids=["jpeg", "png"])
def test_what_hides_behind_a_picture_does_not_come_through(sent: bytes) -> None:
    kept = clean(sent + b"<html><script>alert(1)</script></html>PK\x03\x04")
    assert b"<script>" not in kept.content
    assert b"PK\x03\x04" not in kept.content


def test_a_picture_of_several_becomes_one() -> None:
    out = BytesIO()
    picture().save(out, "MPO", save_all=True, append_images=[picture()])
    kept = clean(out.getvalue())
    assert kept.media_type == JPEG
    assert Image.open(BytesIO(kept.content)).format == "JPEG"


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colours_are_kept(mode: str) -> None:
    out = BytesIO()
    picture().convert(mode).save(out, "JPEG")
    assert Image.open(BytesIO(clean(out.getvalue()).content)).mode == mode


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that unfolds to a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_100, 12_000, 60_000])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_too_large_to_unfold_is_refused(side: int) -> None:
    with pytest.raises(Unfit, match="pixels"):
        clean(bomb(side, side))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<html><body>hello</body></html>",
        b"GIF89a" + bytes(100),
        b"MZ" + bytes(100),
        b"\xff\xd8\xff\xe0<html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<html>",
        jpeg()[:-500],
        png()[:-30],
        png()[:100] + b"\0\0" + png()[102:],
        bomb(100, 100),
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    ],
)
def test_what_is_no_picture_or_a_broken_one_is_refused(sent: bytes) -> None:
    with pytest.raises(Unfit):
        clean(sent)


# --- documents -------------------------------------------------------------------------------


def test_a_pdf_is_kept_as_it_is() -> None:
    assert clean(PDF_FILE) == cleaning.Clean(PDF, PDF_FILE)


@pytest.mark.parametrize(
    "sent",
    [
        b"%PDF-",
        b"%PDF-1.4\nhello",
        b" " + PDF_FILE,
        b"<html>" + PDF_FILE,
        PDF_FILE[:-20],
        PDF_FILE + b"<script>alert(1)</script>",
        PDF_FILE + b"PK\x03\x04" + bytes(2000),
        PDF_FILE.replace(b"startxref\n96", b"startxref\n3"),
        PDF_FILE.replace(b"startxref\n96", b"startxref\n9999999"),
        PDF_FILE.replace(b"%PDF-1.4", b"%PDF-9.9"),
    ],
)
def test_what_is_no_whole_pdf_is_refused(sent: bytes) -> None:
    with pytest.raises(Unfit):
        clean(sent)


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("井盖 25号楼.JPEG", "井盖 25号楼.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\a.png", "a.jpg"),
        ("page.html", "page.jpg"),
        ("a\u202egnp.exe", "agnp.jpg"),
        ("a\r\nSet-Cookie: x", "a Set-Cookie x.jpg"),
        ('"; filename="b', "; filename= b.jpg"),
        ("...", "attachment.jpg"),
        ("", "attachment.jpg"),
        (None, "attachment.jpg"),
        ("长" * 300, "长" * 96 + ".jpg"),
        ("e\u0301.png", "é.jpg"),
    ],
)
def test_names_are_safe_to_show_and_end_as_what_they_are(given: str | None, kept: str) -> None:
    assert clean_name(given, JPEG) == kept
