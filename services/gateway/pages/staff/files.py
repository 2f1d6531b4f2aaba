"""Files that staff add to a case."""

from __future__ import annotations

from secrets import token_hex

from starlette.datastructures import UploadFile
from starlette.responses import Response

from services.gateway.identity import form_of
from services.gateway.pages.asking import Refusal, once, send
from services.gateway.pages.languages import marked
from services.gateway.pages.rendering import go
from services.gateway.pages.staff.case import show_case
from services.gateway.pages.staff.desk import Desk, at_desk
from services.gateway.pages.staff.fields import Typed
from services.gateway.pages.staff.sending import Setback

FILES = "attachments"
"""What is begun beneath a petition with a file, in the place of a verb."""
NO_FILE = marked("请选择一个文件。")
ADDED = marked("附件已经添加。")


@at_desk()
async def attach(desk: Desk) -> Response:
    """``POST /work/petitions/{id}/attachments``"""
    id = desk.request.path_params["id"]
    form = await form_of(desk.request)
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        why = desk.texts.gettext(NO_FILE)
        return await show_case(desk, id, Setback(FILES, Typed(), why, 422))
    content, media_type = multipart(sent.filename, await sent.read())
    path = f"/petitions/{id}/attachments"
    try:
        await send(desk.request, "petitions", path, content, media_type, key=once(form))
    except Refusal as refusal:
        return await show_case(desk, id, Setback(FILES, Typed(), refusal.detail, refusal.status))
    return go(f"/work/petitions/{id}", ADDED)


def multipart(name: str, content: bytes) -> tuple[bytes, str]:
    """A body with one file in it (RFC 7578), and its type."""
    boundary = token_hex(16)
    quoted = name.replace("\\", "_").replace('"', "%22").replace("\r", "").replace("\n", "")
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
