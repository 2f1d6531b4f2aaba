"""Reading real messages: what a row becomes, and every mistake with its file and line."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.demo.messages import Message, read_messages
from deploy.local.layout import LocalError
from services.petitions.rules import SHIPPED, load_rules
from shared.contracts.types import PetitionKind

RULES = load_rules(SHIPPED)
HEADER = "id,author,subject,filed_at,body"
ROW = "7,A1,路口没有斑马线,2019-04-25T09:32:09,放学时孩子们过马路很危险。"

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with the three files; what is not given has one good row."""

    def make(**texts: str) -> Path:
        whole = {
            "answered": f"{HEADER},reply,replied_at\n{ROW},已施划,2019-05-01T10:00:00\n",
            "supported": f"{HEADER},against,support\n{ROW},0,1\n",
            "labelled": f"{HEADER},category\n{ROW},交通运输\n",
        }
        for name, text in {**whole, **texts}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return make


def _refusal(folder: Path) -> str:
    with pytest.raises(LocalError) as refusal:
        read_messages(folder, RULES)
    return str(refusal.value)


def test_a_row_becomes_a_petition(folder: Folder) -> None:
    answered, supported, labelled = read_messages(folder(), RULES)
    assert [one.key for one in (answered, supported, labelled)] == [
        "answered/7",
        "supported/7",
        "labelled/7",
    ]
    assert answered.raised_at == datetime(2019, 4, 25, 1, 32, 9, tzinfo=UTC)
    assert (answered.category, labelled.category) == ("other", "transport")
    body = answered.as_petition(["n1", "n2"])
    assert body["raised_at"] == "2019-04-25T09:32:09+08:00"
    assert body["on_behalf"] is True
    assert body == answered.as_petition(["n1", "n2"])
    assert body["title"] == "路口没有斑马线"


def test_an_author_is_known_by_a_pseudonym_only(folder: Folder) -> None:
    row = ROW.replace(",A1,", ",A2,")
    one, other, _ = read_messages(folder(supported=f"{HEADER}\n{row}\n"), RULES)
    assert one.petitioner != other.petitioner
    assert "A1" not in str(one.as_petition(["n1"]))


def test_a_label_that_the_rules_do_not_know_is_plain(folder: Folder) -> None:
    *_, labelled = read_messages(folder(labelled=f"{HEADER},category\n{ROW},天文\n"), RULES)
    assert labelled.category == "other"


def test_the_same_id_twice_in_a_file_is_two_messages(folder: Folder) -> None:
    messages = read_messages(folder(supported=f"{HEADER}\n{ROW}\n{ROW}\n"), RULES)
    assert [one.key for one in messages if one.key.startswith("supported")] == [
        "supported/7",
        "supported/7~2",
    ]


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("咨询医保怎么办", PetitionKind.QUESTION),
        ("投诉夜间施工", PetitionKind.COMPLAINT),
        ("建议增设路灯", PetitionKind.SUGGESTION),
        ("举报违建", PetitionKind.REPORT),
        ("路灯坏了", PetitionKind.REQUEST),
    ],
)
def test_the_subject_says_what_is_wanted(subject: str, kind: PetitionKind) -> None:
    when = datetime(2020, 1, 1, tzinfo=UTC)
    assert Message("k", "w", "a", subject, "b", when, "other").kind is kind


def test_a_missing_folder_and_a_missing_file_are_named(folder: Folder, tmp_path: Path) -> None:
    assert "there is no such folder" in _refusal(tmp_path / "nowhere")
    (folder() / "supported.csv").unlink()
    assert f"{tmp_path}: has no supported.csv" in _refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,author,subject,body\n", "supported.csv:1: the header lacks filed_at"),
        ("", "supported.csv:1: the header lacks id, author, subject, filed_at, body"),
        (f"{HEADER}\n{ROW}\n8,A1,x\n", "supported.csv:3: has 3 fields, the header 5"),
        (f"{HEADER}\n8,A1,,2019-04-25T09:32:09,y\n", "supported.csv:2: subject is empty"),
        (f"{HEADER}\n8,A1,x,gestern,y\n", "supported.csv:2: filed_at 'gestern' is no time"),
        (f"{HEADER}\n八,A1,x,2019-04-25,y\n", "supported.csv:2: id '八' is no id"),
        (f"{HEADER}\n8,A1,{'x' * 201},2019-04-25,y\n", "subject has 201 characters"),
        (f"{HEADER}\n8,A1,x,2019-04-25,{'y' * 20_001}\n", "body has 20001 characters"),
        (f'{HEADER}\n8,A1,x,2019-04-25,"y\n', "is not CSV"),
        (
            f'{HEADER}\n7,A1,x,2019-04-25,"two\nlines"\n8,A1,,2019-04-25,y\n',
            "supported.csv:4: subject is empty",
        ),
    ],
)
def test_a_mistake_is_told_with_file_and_line(folder: Folder, text: str, told: str) -> None:
    assert told in _refusal(folder(supported=text))


def test_all_mistakes_are_told_at_once_up_to_a_limit(folder: Folder) -> None:
    bad = "8,A1,x,gestern,y\n"
    refusal = _refusal(folder(supported=f"{HEADER}\n{bad * 30}", labelled=HEADER + "\n"))
    assert len(refusal.splitlines()) == 21
    assert refusal.endswith("... and 11 more")


def test_bytes_that_are_no_text_are_named(folder: Folder) -> None:
    place = folder()
    (place / "answered.csv").write_bytes(b"\xff\xfe")
    assert "answered.csv: is not UTF-8 text" in _refusal(place)
