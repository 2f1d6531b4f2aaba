"""Duplicates planted in real texts: the same matter told again with other names, less of it, in
another order, in other words, in traditional script.

The list of other words is this test's own: what finds duplicates knows none.
"""

import csv
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import opencc

MESSAGES = Path(__file__).resolve().parents[4] / "shared" / "data" / "petitions"
FILES = ("answered.csv", "labelled.csv", "supported.csv")

OTHER_WORDS = {
    "小区": "院子",
    "物业": "物管",
    "业主": "住户",
    "噪音": "吵闹声",
    "扰民": "吵到居民",
    "垃圾": "废弃物",
    "停车": "泊车",
    "车位": "泊位",
    "电梯": "升降机",
    "维修": "修理",
    "解决": "处置",
    "问题": "毛病",
    "领导": "上级",
    "希望": "盼望",
    "请求": "恳请",
    "投诉": "控诉",
    "严重": "厉害",
    "晚上": "夜里",
    "孩子": "小孩",
    "学校": "校方",
    "老师": "教师",
    "医院": "医疗机构",
    "开发商": "建设单位",
    "道路": "马路",
    "政府": "官方",
    "部门": "机关",
    "群众": "老百姓",
    "居民": "街坊",
    "施工": "作业",
    "房子": "房屋",
    "工资": "薪水",
    "拖欠": "欠付",
    "收费": "收钱",
    "咨询": "请问",
    "什么时候": "何时",
    "没有": "未",
    "公交": "巴士",
    "污水": "脏水",
    "臭味": "异味",
    "安全隐患": "危险",
    "补贴": "补助",
    "拆迁": "征拆",
    "合同": "协议",
    "公司": "企业",
    "影响": "妨碍",
    "多次": "屡次",
    "至今": "到现在",
    "相关": "有关",
    "工作人员": "办事员",
}
_NAMES = [
    "".join(pair)
    for pair in zip("星海金碧翠锦御龙湘江岳麓梅溪", "苑庭湾府园城岸景谷台邸轩里居", strict=True)
]
_PLACES = "小区|花园|社区|街道|路|公司|广场|镇|村|学校|中学|小学|医院|公馆|山庄|家园"
LEAST = 25
"""Characters that are left after cutting."""


@dataclass(frozen=True)
class Message:
    """A message of a resident, in their own words."""

    title: str
    text: str


@cache
def messages() -> tuple[Message, ...]:
    """The real messages; none where they are not at hand."""
    if not MESSAGES.exists():
        return ()
    found = []
    for name in FILES:
        with (MESSAGES / name).open(encoding="utf-8-sig", newline="") as file:
            found += [Message(row["subject"], row["body"]) for row in csv.DictReader(file)]
    return tuple(found)


def renamed(text: str, chance: random.Random) -> str:
    """Other places, persons and numbers, the same ones wherever they come again."""
    others: dict[str, str] = {}

    def other(name: str) -> str:
        return others.setdefault(name, chance.choice(_NAMES))

    text = re.sub(
        r"([A-Z])(\d*)(?=[市区县])",
        lambda m: (
            "甲乙丙丁戊己庚"[ord(m[1]) % 7] + "一二三四五六七八九十"[len(m[2]) and int(m[2]) % 10]
        ),
        text,
    )
    text = re.sub(rf"([\u4e00-\u9fff]{{2,3}})({_PLACES})", lambda m: other(m[1]) + m[2], text)
    text = re.sub(
        r"[\u4e00-\u9fff](?=先生|女士|某|主任|经理)", lambda _: chance.choice("赵钱孙李周吴"), text
    )
    return re.sub(r"\d{2,9}", lambda m: str(int(m[0]) + 3), text)


def cut(text: str, chance: random.Random) -> str:
    """Two to three fifths of its clauses."""
    clauses = _clauses(text)
    kept = max(1, round(len(clauses) * chance.uniform(0.4, 0.6)))
    left = "".join(clauses[n] for n in sorted(chance.sample(range(len(clauses)), kept)))
    return left if len(left) >= LEAST else text


def reordered(text: str, chance: random.Random) -> str:
    """Its clauses in any order."""
    clauses = _clauses(text)
    chance.shuffle(clauses)
    return "".join(clauses)


def in_other_words(text: str, _chance: random.Random) -> str:
    """Every word of the list by its other."""
    for word, other in OTHER_WORDS.items():
        text = text.replace(word, other)
    return text


def in_traditional(text: str, _chance: random.Random) -> str:
    """As it is written in Hong Kong."""
    written: str = _hong_kong().convert(text)
    return written


@cache
def _hong_kong() -> opencc.OpenCC:
    return opencc.OpenCC("s2hk")


def _clauses(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。！？；!?;\n，,])", text) if part.strip()] or [text]


Change = Callable[[str, random.Random], str]

CHANGES: tuple[Change, ...] = (renamed, cut, reordered, in_other_words, in_traditional)
OF_TITLES: tuple[Change, ...] = (renamed, in_other_words, in_traditional)


def told_again(message: Message, changes: Sequence[Change], chance: random.Random) -> Message:
    """The message after these changes."""
    title, text = message.title, message.text
    for change in changes:
        text = change(text, chance)
        if change in OF_TITLES:
            title = change(title, chance)
    return Message(title, text)


def copied(one: Message, other: Message) -> bool:
    """Whether two real messages are plainly one, sent twice: twenty characters in a row are the
    same, or the title. Such pairs are in the data, and to find them is no mistake.
    """
    return one.title == other.title or not _runs(one).isdisjoint(_runs(other))


@cache
def _runs(message: Message, length: int = 20) -> frozenset[str]:
    letters = re.sub(r"\W", "", message.title + message.text)
    return frozenset(letters[n : n + length] for n in range(len(letters) - length + 1))
