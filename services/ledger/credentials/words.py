"""What was found of a credential, in plain words: what it shows, and what it does not."""

import json
from collections.abc import Mapping
from typing import Any

from services.ledger.credentials.checking import Finding, Verdict

LANGUAGES = ("zh", "en")

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "valid": "有效：由签发者签发，未被改动，在有效期内。",
        "altered": "被改动：与签发时不一致，不可采信（{wrong}）。",
        "revoked": "已撤销：签发者撤销了这份凭证，不可采信。",
        "expired": "已过期：有效期至 {until}。",
        "not-yet-valid": "尚未生效：自 {since} 起有效。",
        "unknown-key": "签发者不明：不是所给的签发者密钥签发的（{wrong}）。",
        "unknown-status": "未被改动，但无法确认是否已撤销（{wrong}）。",
        "shows": "它证明：",
        "issued": "{issuer} 签发了这份凭证（{kind}），有效期 {since} 至 {until}",
        "claim": "出示的内容与签发时一致——{name}：{value}",
        "not-revoked": "按 {status_of} 的状态列表，它没有被撤销",
        "shows-not": "它不证明：",
        "not-bearer": "出示的人就是持有人：请把出示的姓名与其证件核对",
        "not-hidden": "另有 {hidden} 项内容，持有人没有出示",
        "not-status": "它是否已被撤销：没有核对状态列表",
        "not-true": "所依据的文件本身说的都对：它只保证文件由签发者封存过",
    },
    "en": {
        "valid": "Valid: signed by its issuer, not altered, within its time.",
        "altered": "Altered: it is not what was signed; do not rely on it ({wrong}).",
        "revoked": "Revoked: its issuer took it back; do not rely on it.",
        "expired": "Expired: it was valid until {until}.",
        "not-yet-valid": "Not valid yet: it is valid from {since}.",
        "unknown-key": "Unknown issuer: no key of the given issuer signed it ({wrong}).",
        "unknown-status": "Not altered, but nobody can say whether it was revoked ({wrong}).",
        "shows": "It shows:",
        "issued": "{issuer} issued this credential ({kind}), valid from {since} until {until}",
        "claim": "what is shown is what was signed: {name}: {value}",
        "not-revoked": "by the status list of {status_of} it was not revoked",
        "shows-not": "It does not show:",
        "not-bearer": "that whoever shows it is its holder: compare a name shown with their papers",
        "not-hidden": "{hidden} more claims, which its holder chose not to show",
        "not-status": "whether it was revoked: no status list was looked at",
        "not-true": "that all is true that the document says: only that its issuer sealed it",
    },
}
"""By language and name. The page that checks in a browser has the same."""
TITLES = frozenset({verdict.value for verdict in Verdict} | {"shows", "shows-not"})
GENUINE = frozenset({Verdict.VALID, Verdict.REVOKED, Verdict.EXPIRED, Verdict.NOT_YET})
"""Verdicts on what the issuer did sign."""


def said(found: Finding) -> dict[str, list[str]]:
    """The sentences by language; those under a title begin with a dash."""
    return {language: _said(found, WORDS[language]) for language in LANGUAGES}


def _said(found: Finding, words: Mapping[str, str]) -> list[str]:
    values: dict[str, Any] = {
        "wrong": found.wrong,
        "issuer": found.issuer,
        "kind": found.kind,
        "since": found.valid_from,
        "until": found.valid_until,
        "hidden": found.hidden,
        "status_of": found.status_of,
    }
    names = [found.verdict.value]
    if found.verdict in GENUINE:
        names += ["shows", "issued", *(["claim"] * len(found.shown))]
        if found.status_of is not None and found.verdict is not Verdict.REVOKED:
            names.append("not-revoked")
        names += ["shows-not", "not-bearer"]
        if found.hidden:
            names.append("not-hidden")
        if found.status_of is None:
            names.append("not-status")
        names.append("not-true")
    claims = iter(found.shown.items())
    sentences = []
    for name in names:
        if name == "claim":
            values["name"], value = next(claims)
            values["value"] = json.dumps(value, ensure_ascii=False)
        dash = "" if name in TITLES else "- "
        sentences.append(dash + words[name].format_map(values))
    return sentences
