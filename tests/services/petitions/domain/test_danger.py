"""Words of danger: what is one, what only sounds like one."""

import pytest

from services.petitions.domain.danger import NO_DANGERS, Danger, Dangers, danger_in
from services.petitions.rules import SHIPPED, load_rules

DANGERS = load_rules(SHIPPED).known_dangers


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("三楼闻到很重的煤气味，请马上来人", "gas"),
        ("樓下煤氣洩漏，請快來", "gas"),
        ("我家天然气泄漏了", "gas"),
        ("五栋着火了，楼道里都是烟", "fire"),
        ("電動車在樓道失火了", "fire"),
        ("楼梯间冒浓烟", "fire"),
        ("后面的老房子快塌了", "collapse"),
        ("围墙开裂，随时倒塌", "collapse"),
        ("他说不想活了，站在楼顶", "self-harm"),
        ("邻居要跳楼，快来人", "self-harm"),
        ("有人想輕生", "self-harm"),
        ("孩子在路灯杆旁触电", "electric"),
        ("電線掉落在人行道上", "electric"),
        ("老人被困电梯半小时", "trapped"),
        ("有人持刀砍人", "violence"),
        ("没有人管，煤气泄漏越来越重", "gas"),
        ("厨房可能煤气泄漏，怎么办", "gas"),
        ("上次没有煤气味，今天又有煤气味", "gas"),
    ],
)
def test_danger_is_seen(text: str, code: str) -> None:
    assert danger_in(text, DANGERS) == code


@pytest.mark.parametrize(
    "text",
    [
        "下水道堵了三天，请派人疏通",
        "建议给老人装燃气泄漏报警器",
        "现在没有煤气味了，谢谢",
        "请社区组织燃气泄漏演练",
        "未发生火灾，但楼道堆满杂物",
        "一旦发生火灾，消防车进不来",
        "一但发生火灾，后果不堪设想",
        "商场跳楼价甩卖的喇叭太吵",
        "电梯里想死机一样卡住的广告屏",
        "希望开展预防溺水教育",
        "防止触电的警示牌掉了",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert danger_in(text, DANGERS) is None


def test_the_first_of_two_dangers_counts() -> None:
    dangers = Dangers((Danger("gas", ("煤气味",)), Danger("fire", ("着火了",))))
    assert danger_in("着火了，还有煤气味", dangers) == "gas"


def test_a_guard_beside_one_word_leaves_the_next_alone() -> None:
    dangers = Dangers((Danger("gas", ("煤气味",), ("没有",), ("报警",)),))
    assert danger_in("没有煤气味。煤气味报警", dangers) is None
    assert danger_in("没有煤气味。煤气味！", dangers) == "gas"


def test_where_nothing_is_looked_for_nothing_is_found() -> None:
    assert danger_in("着火了", NO_DANGERS) is None
