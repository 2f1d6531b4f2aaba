"""The catalogue as a page: made here, with no script and nothing from elsewhere."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from services.subscriptions.catalogue import catalogue
from shared.runtime.problems import Language

STYLE = """
body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; color: #1c1c1c; background: #fff; }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1rem; padding: 0; list-style: none; }
nav a { display: inline-block; padding: .3rem 0; }
a { color: #0b4f9e; } a[aria-current] { font-weight: 700; color: #1c1c1c; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid #b35900; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: .5rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; }
tr { border-bottom: 1px solid #bbb; } th[scope=col], .short { white-space: nowrap; }
article { margin-top: 2.5rem; } code, pre { font-size: .9rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .8rem; background: #f4f4f4; } summary { padding: .3rem 0; }
"""

POLICY = (
    "default-src 'none'; style-src "
    f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may do: look as it does."""

WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "tag": "zh-Hans",
        "title": "近邻事件目录",
        "about": "近邻各服务发布的事件（CloudEvents 1.0）：编号、代码、时间、数量，无个人信息。",
        "skip": "跳到正文",
        "as_json": "JSON 格式的目录",
        "services": "服务",
        "all": "全部",
        "topic": "Kafka 主题",
        "events_of": "事件：",
        "event": "事件",
        "happened": "发生了什么",
        "since": "发布日期",
        "stability": "稳定性",
        "stable": "稳定",
        "experimental": "试行",
        "fed": "事件流和回调",
        "not_fed": "不进入事件流和回调：",
        "fields": "字段",
        "field": "字段",
        "value": "值",
        "needed": "必有",
        "sample": "示例",
        "yes": "是",
        "no": "否",
    },
    "en": {
        "tag": "en",
        "title": "Jinlin events",
        "about": "What the services of Jinlin publish: CloudEvents 1.0 with ids, codes, times and "
        "counts, and nothing personal.",
        "skip": "Skip to the events",
        "as_json": "the catalogue as JSON",
        "services": "Services",
        "all": "all",
        "topic": "Kafka topic",
        "events_of": "Events of",
        "event": "Event",
        "happened": "What happened",
        "since": "Since",
        "stability": "Stability",
        "stable": "stable",
        "experimental": "experimental",
        "fed": "In feed and webhooks",
        "not_fed": "Not in feed and webhooks:",
        "fields": "Fields",
        "field": "Field",
        "value": "Value",
        "needed": "Always there",
        "sample": "Sample",
        "yes": "yes",
        "no": "no",
    },
}


@cache
def page(spoken: Language, service: str | None) -> bytes:
    """The page in a language: all events in short, or those of one service in full. The service is
    one of the catalogue's.
    """
    events = sorted(catalogue().values(), key=lambda one: one.service)
    by_service = {name: list(its) for name, its in groupby(events, key=lambda one: one.service)}
    text = _template().render(
        words=WORDS[spoken],
        style=Markup(STYLE),  # noqa: S704  our own
        services=by_service,
        chosen=service,
        shown=by_service if service is None else {service: by_service[service]},
    )
    return text.encode()


def services() -> frozenset[str]:
    """The services that publish anything."""
    return frozenset(one.service for one in catalogue().values())


@cache
def _template() -> Any:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    made.filters.update(prose=prose, first_sentence=first_sentence, value=value, pretty=_pretty)
    return made.get_template("catalogue.html.j2")


def prose(text: str) -> Markup:
    """A docstring's words, with what stands in backquotes as code."""
    parts = re.split(r"(``.+?``|`.+?`)", text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part.strip("`")) if part.startswith("`") else escape(part)
        for part in parts
    )


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends one."""
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0]


def value(schema: Mapping[str, Any]) -> str:
    """What a field's value is, in a few words."""
    if "anyOf" in schema:
        return " | ".join(value(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    kind = str(schema.get("format") or schema.get("type") or "any")
    if kind == "array":
        parts = schema.get("prefixItems")
        inside = ", ".join(value(one) for one in parts) if parts else value(schema.get("items", {}))
        return f"[{inside}{'' if parts else ' …'}]"
    return kind


def _pretty(sample: Mapping[str, Any]) -> str:
    return json.dumps(sample, ensure_ascii=False, indent=2)
