"""Attachments over HTTP: who may send and see them, what they come back as, and when they go."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import httpx
import pytest

from services.petitions.domain.commands import ConfirmSolved
from services.petitions.domain.petition import petition
from services.petitions.domain.succession import Forget
from shared.contracts.types import PetitionKind
from shared.runtime.files import sweep
from shared.runtime.journal import Unavailable
from tests.services.petitions.city import BANYAN, LAKE, City, city
from tests.services.petitions.test_cleaning import PDF_FILE, jpeg, png, told_of

BY_LIN = {"sub": "lin", "role": "resident"}
STAFF = {"sub": "chen", "role": "grid-worker", "at": BANYAN}


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def ask(
    town: City, method: str, path: str, *, sub: str, role: str, at: str = "", **rest: Any
) -> httpx.Response:
    token = town.issuer.token(sub, (role,), (at,) if at else ())
    headers = {"Authorization": f"Bearer {token}", **rest.pop("headers", {})}
    return await town.client.request(method, path, headers=headers, **rest)


async def send(
    town: City, id: str, content: bytes, name: str = "井盖.jpg", **rest: Any
) -> httpx.Response:
    sent = {"files": {"file": (name, content, "text/html")}, **BY_LIN, **rest}
    return await ask(town, "POST", f"/petitions/{id}/attachments", **sent)


async def stored(town: City, id: str) -> int:
    """How many files are kept for a petition."""
    return len(await town.running.journal.files.of(petition.stream(id)))


async def test_a_photo_comes_back_clean_to_those_concerned(town: City) -> None:
    id = await town.file()
    made = await send(town, id, jpeg(exif=told_of()))
    assert made.status_code == 201, made.text
    file = made.json()["file"]
    assert made.headers["location"] == f"/petitions/{id}/attachments/{file}"
    got = await ask(town, "GET", made.headers["location"], **STAFF)
    assert got.status_code == 200
    assert got.content.startswith(b"\xff\xd8\xff")
    assert b"SecretPhone" not in got.content
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"attachment.jpg\"; filename*=UTF-8''%E4%BA%95%E7%9B%96.jpg"
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert got.headers["etag"] == f'"{sha256(got.content).hexdigest()}"'
    again: dict[str, Any] = {"headers": {"If-None-Match": got.headers["etag"]}}
    assert (await ask(town, "GET", made.headers["location"], **STAFF, **again)).status_code == 304


async def test_a_list_says_what_there_is(town: City) -> None:
    id = await town.file()
    for content, name in ((png(), "a.html"), (PDF_FILE, "合同.pdf")):
        assert (await send(town, id, content, name)).status_code == 201
    items = (await ask(town, "GET", f"/petitions/{id}/attachments", **BY_LIN)).json()["items"]
    assert [(one["name"], one["media_type"], one["by"]) for one in items] == [
        ("a.png", "image/png", "lin"),
        ("合同.pdf", "application/pdf", "lin"),
    ]
    assert items[1]["size"] == len(PDF_FILE)
    shown = (await ask(town, "GET", f"/petitions/{id}", **BY_LIN)).json()
    assert shown["attachments"] == 2


async def test_strangers_know_of_nothing(town: City) -> None:
    id = await town.file()
    file = (await send(town, id, png())).json()["file"]
    for other in (
        {"sub": "wang", "role": "resident"},
        {"sub": "far", "role": "grid-worker", "at": LAKE},
    ):
        for path in ("", f"/{file}"):
            got = await ask(town, "GET", f"/petitions/{id}/attachments{path}", **other)
            assert got.status_code == 404
        assert (await send(town, id, png(), **other)).status_code == 404
    # A file is found below its own petition only.
    second = await town.file()
    got = await ask(town, "GET", f"/petitions/{second}/attachments/{file}", **BY_LIN)
    assert got.status_code == 404
    assert (await ask(town, "GET", "/petitions/none/attachments", **STAFF)).status_code == 404
    assert (await town.send("POST", f"/petitions/{id}/attachments")).status_code == 401


async def test_readings_are_recorded_but_for_ones_own(town: City) -> None:
    id = await town.file()
    file = (await send(town, id, png())).json()["file"]
    for path in ("", f"/{file}"):
        await ask(town, "GET", f"/petitions/{id}/attachments{path}", **BY_LIN)
        await ask(town, "GET", f"/petitions/{id}/attachments{path}", **STAFF)
    readings = await town.running.journal.readings(petition.stream(id))
    assert [(one["reader"], one["purpose"]) for one in readings] == [("chen", "attachments")] * 2


async def test_five_and_no_more_and_nothing_of_the_sixth_is_kept(town: City) -> None:
    id = await town.file()
    answers = await asyncio.gather(*(send(town, id, png()) for _ in range(7)))
    assert sorted(one.status_code for one in answers) == [201] * 5 + [409] * 2
    assert {one.json()["type"] for one in answers if one.status_code == 409} == {
        "urn:jinlin:problem:too-many-attachments"
    }
    assert await stored(town, id) == 5


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<html><script>alert(1)</script></html>", 415, "attachment-unfit"),
        (jpeg()[:-400], 415, "attachment-unfit"),
        (b"", 415, "attachment-unfit"),
        (b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), 413, "attachment-too-large"),
        (bytes(11 * 1024 * 1024), 413, "attachment-too-large"),
    ],
)
async def test_what_is_not_taken_is_told_and_not_kept(
    town: City, content: bytes, status: int, code: str
) -> None:
    id = await town.file()
    refused = await send(town, id, content, headers={"Accept-Language": "zh"})
    assert (refused.status_code, refused.json()["type"]) == (status, f"urn:jinlin:problem:{code}")
    assert "附件" in refused.json()["detail"]
    assert await stored(town, id) == 0


async def test_a_body_without_a_length_is_cut_off(town: City) -> None:
    id = await town.file()
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while sent < 100 * 1024 * 1024:
            sent += 1024 * 1024
            yield bytes(1024 * 1024)

    form: dict[str, Any] = {"headers": {"Content-Type": "multipart/form-data; boundary=b"}}
    path = f"/petitions/{id}/attachments"
    refused = await ask(town, "POST", path, content=endless(), **BY_LIN, **form)
    assert refused.status_code == 413
    assert await stored(town, id) == 0


@pytest.mark.parametrize(
    "form",
    [
        {"json": {"file": "x"}},
        {"data": {"file": "x"}},
        {"files": {"picture": ("a.png", b"x")}},
        {"files": [("file", ("a.png", b"x")), ("file", ("b.png", b"x"))]},
        {"content": b"--b\r\nnonsense", "headers": {"Content-Type": "multipart/form-data"}},
    ],
)
async def test_another_form_is_refused(town: City, form: dict[str, Any]) -> None:
    id = await town.file()
    refused = await ask(town, "POST", f"/petitions/{id}/attachments", **BY_LIN, **form)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "file"


async def test_a_repeated_request_attaches_once(town: City) -> None:
    id = await town.file()
    key: dict[str, Any] = {"headers": {"Idempotency-Key": "k1"}}
    first, second = await send(town, id, png(), **key), await send(town, id, png(), **key)
    # png() is random: the same key with another file is another request.
    assert (first.status_code, second.status_code) == (201, 422)
    content = png()
    key = {"headers": {"Idempotency-Key": "k2"}}
    first, second = await send(town, id, content, **key), await send(town, id, content, **key)
    assert first.json() == second.json()
    assert second.status_code == 201
    assert await stored(town, id) == 2


async def test_what_is_over_takes_no_more(town: City) -> None:
    id = await town.file()
    await town.answer(id)
    await town.do(id, ConfirmSolved("lin"))
    refused = await send(town, id, png())
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:jinlin:problem:closed")
    assert await stored(town, id) == 0


async def test_a_report_does_not_say_who_sent_the_photo(town: City) -> None:
    id = await town.file(kind=PetitionKind.REPORT)
    assert (await send(town, id, png())).status_code == 201
    items = (await ask(town, "GET", f"/petitions/{id}/attachments", **STAFF)).json()["items"]
    assert [one["by"] for one in items] == ["reporter"]
    timeline = await ask(town, "GET", f"/petitions/{id}/timeline", **STAFF)
    assert "lin" not in [one["actor"] for one in timeline.json()["items"]]


async def test_with_the_person_the_files_are_forgotten(town: City) -> None:
    id = await town.file()
    made = await send(town, id, png())
    await town.do(id, Forget("lin"))
    assert await stored(town, id) == 0
    got = await ask(town, "GET", made.headers["location"], **STAFF)
    assert got.status_code == 404
    listed = await ask(town, "GET", f"/petitions/{id}/attachments", **STAFF)
    assert listed.json()["items"] == []
    journal = town.running.journal
    await sweep(journal.files, journal.dossier, town.clock.now())
    assert journal.disk._shelf.pieces == {}  # type: ignore[attr-defined]


async def test_where_it_is_not_known_whether_it_was_recorded_the_file_stays(town: City) -> None:
    id = await town.file()

    async def lost(point: str) -> None:
        if point == "before-write":
            raise Unavailable("no answer")

    town.running.journal._fault = lost  # type: ignore[attr-defined]
    assert (await send(town, id, png())).status_code == 503
    assert await stored(town, id) == 1
