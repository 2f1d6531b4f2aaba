"""Files that come with a request, as ``multipart/form-data``, read within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from shared.runtime.problems import Invalid

FORM_BYTES = 8 * 1024
"""What a form may need around the one file in it."""


class UploadTooLarge(Exception):
    """More came than was allowed; the rest was not read."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. What its sender says of its name and type is not to be trusted."""

    name: str | None
    content: bytes


async def read_upload(request: Request, field: str, most: int) -> Upload:
    """The one file of a form, at most so many bytes. Raises `UploadTooLarge`, and `Invalid` for
    another form.
    """
    return (await read_uploads(request, {field: most}))[field]


async def read_uploads(request: Request, most: Mapping[str, int]) -> dict[str, Upload]:
    """The files of a form by field, each at most so many bytes. Raises `UploadTooLarge`, and
    `Invalid` for another form, or one in which a file is missing.
    """
    limit = sum(most.values()) + FORM_BYTES
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise UploadTooLarge
    size = 0

    async def receive() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise UploadTooLarge
        return message

    first = next(iter(most))
    try:
        form = await Request(request.scope, receive).form(max_files=len(most), max_fields=0)
    except HTTPException as error:
        what = "one form field" if len(most) == 1 else "a form field for each of " + ", ".join(most)
        raise Invalid(first, f"{what} with one file is expected: {error.detail}") from None
    try:
        return {field: await _file(form, field, bytes) for field, bytes in most.items()}
    finally:
        await form.close()


async def _file(form: FormData, field: str, most: int) -> Upload:
    file = form.get(field)
    if not isinstance(file, UploadFile):
        raise Invalid(field, "Field required", "missing")
    content = await file.read()
    if len(content) > most:
        raise UploadTooLarge
    return Upload(file.filename, content)
