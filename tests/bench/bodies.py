"""What residents write: bodies of POST /petitions that differ, made from a seed."""

import json
import random
from collections.abc import Sequence

CATEGORIES = ("environment", "sanitation", "drainage", "parking")
KINDS = ("complaint", "request", "suggestion", "report", "question")
TITLES = (
    "楼道堆放杂物无人清理",
    "下水道堵塞污水外溢",
    "夜间施工噪音扰民",
    "消防通道被车辆占用",
    "小区路灯损坏多日未修",
    "电梯频繁停运老人出行困难",
)
PHRASES = (
    "住在三号楼二单元的居民反映，",
    "近一周以来情况越来越严重，",
    "每天早晚出入都要绕行，",
    "老人和孩子经过时很不安全，",
    "已经多次向物业反映，",
    "对方答复说会尽快安排，但一直没有结果，",
    "下雨的时候积水很深，",
    "夜里常常吵到十二点以后，",
    "希望有关部门到现场看一看，",
    "也愿意和邻居们一起商量解决的办法，",
    "如果需要居民分担一部分费用可以开会讨论，",
    "请告知由谁负责、什么时候能够处理好，",
)
TEXT_LENGTH = 200
"""Characters of a text, about."""


def bodies(count: int, places: Sequence[str], seed: int = 1) -> list[dict[str, str]]:
    """`count` petitions about these places; the same for the same seed."""
    chance = random.Random(seed)
    return [_body(chance, places) for _ in range(count)]


def _body(chance: random.Random, places: Sequence[str]) -> dict[str, str]:
    text = ""
    while len(text) < TEXT_LENGTH:
        text += chance.choice(PHRASES)
    return {
        "kind": chance.choice(KINDS),
        "title": f"{chance.choice(TITLES)}（{chance.randint(1, 9999)}号）",
        "text": text,
        "place": chance.choice(places),
        "category": chance.choice(CATEGORIES),
        "channel": "web",
    }


def as_json(body: dict[str, str]) -> str:
    """A body in one line, as a browser sends it: UTF-8, not escaped."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
