"""The page that a link in an e-mail opens: it asks, and says that it is done, without a script."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape

from services.notifications.domain.kinds import Topic
from services.notifications.domain.preferences.state import Tongue
from services.notifications.wording import wording

STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.2rem;"
    "line-height:1.6}button{font:inherit;padding:.6rem 1.2rem;margin:.4rem 0}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}"
)
POLICY = (
    "default-src 'none'; "
    f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What the page may do: send its own form."""

_SAID: Mapping[Tongue, Mapping[str, str]] = {
    Tongue.HANS: {
        "title": "退订电子邮件",
        "ask": "不再通过电子邮件接收“{topic}”类消息？消息仍会在收件箱里。",
        "ask-all": "不再通过电子邮件接收任何消息？消息仍会在收件箱里。",
        "button": "退订",
        "button-all": "退订全部电子邮件",
        "done": "已退订“{topic}”类电子邮件。",
        "done-all": "已退订全部电子邮件。",
        "law": "法律规定必须告知的事项，以及影响您权利期限的消息，仍会发送。",
    },
    Tongue.HANT: {
        "title": "取消訂閱電子郵件",
        "ask": "不再透過電子郵件接收「{topic}」類訊息？訊息仍會在收件匣裡。",
        "ask-all": "不再透過電子郵件接收任何訊息？訊息仍會在收件匣裡。",
        "button": "取消訂閱",
        "button-all": "取消訂閱全部電子郵件",
        "done": "已取消訂閱「{topic}」類電子郵件。",
        "done-all": "已取消訂閱全部電子郵件。",
        "law": "法律規定必須告知的事項，以及影響您權利期限的訊息，仍會寄送。",
    },
    Tongue.ENGLISH: {
        "title": "Unsubscribe from e-mail",
        "ask": "No more e-mail about “{topic}”? The messages stay in your inbox.",
        "ask-all": "No more e-mail at all? The messages stay in your inbox.",
        "button": "Unsubscribe",
        "button-all": "Unsubscribe from all e-mail",
        "done": "You get no more e-mail about “{topic}”.",
        "done-all": "You get no more e-mail.",
        "law": "What the law demands that you are told, and what a right of yours depends on, is "
        "still sent.",
    },
}


def asking(tongue: Tongue, topic: Topic | None, everything: str) -> str:
    """The page that asks; `everything` is the token for all e-mail."""
    said = _SAID[tongue]
    button = said["button-all"] if topic is None else said["button"]
    forms = f'<form method="post"><button>{escape(button)}</button></form>'
    if topic is not None:
        forms += (
            f'<form method="post" action="?t={escape(everything)}">'
            f"<button>{escape(said['button-all'])}</button></form>"
        )
    return _page(tongue, _about(tongue, "ask", topic), forms)


def done(tongue: Tongue, topic: Topic | None) -> str:
    """The page that says that it is done."""
    return _page(tongue, _about(tongue, "done", topic), "")


def _about(tongue: Tongue, what: str, topic: Topic | None) -> str:
    if topic is None:
        return _SAID[tongue][f"{what}-all"]
    return _SAID[tongue][what].format(topic=wording(tongue).names("topics")[topic])


def _page(tongue: Tongue, text: str, forms: str) -> str:
    said = _SAID[tongue]
    title = escape(said["title"])
    return (
        f'<!doctype html><html lang="{tongue.value}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(text)}</p>{forms}<p>{escape(said['law'])}</p></body></html>"
    )
