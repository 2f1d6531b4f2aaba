"""Files with a place tree: read for people's sake, refused line by line."""

import pytest

from services.community.domain.place_state import Place
from services.community.importing import (
    MAX_PLACES,
    NotImportable,
    PlaceRow,
    PostRow,
    Rows,
    check,
    read,
)
from shared.contracts.types import PlaceKind

KINDS = [f"'{kind}'" for kind in PlaceKind if kind is not PlaceKind.UNIT]
TREE = """\
places:
  - code: 0102
    kind: district
    name: 鼓楼区
    posts: {petitions: sub-1}
    places:
      - code: dj
        kind: street
        name: 东街街道
        posts:
          petitions: sub-2
          property: sub-3
        places:
          - {code: jm, kind: community, name: 军门社区}
"""
TABLE = """\
code,kind,name,parent,duty,holder
0102,district,鼓楼区,,petitions,sub-1
dj,street,东街街道,0102,petitions,sub-2
dj,street,东街街道,0102,property,sub-3

jm,community,军门社区,dj,,
"""


def errors(content: str | bytes, media_type: str, known: dict[str, Place] | None = None) -> str:
    """The errors of a file as ``line: detail`` lines."""
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(NotImportable) as refused:
        check(read(raw, media_type), known or {})
    return "\n".join(f"{error.line}: {error.detail}" for error in refused.value.errors)


def told(rows: Rows) -> tuple[list[object], list[object]]:
    return (
        [(r.code, r.kind.value, r.name, r.parent) for r in rows.places.values()],
        [(r.place, r.duty, r.holder) for r in rows.posts.values()],
    )


def test_yaml_and_csv_say_the_same() -> None:
    from_yaml = read(TREE.encode(), "text/yaml")
    from_csv = read(b"\xef\xbb\xbf" + TABLE.encode(), "text/csv")
    check(from_yaml, {})
    check(from_csv, {})
    assert told(from_yaml) == told(from_csv)
    assert from_yaml.places["dj"] == PlaceRow(7, "dj", PlaceKind.STREET, "东街街道", "0102")
    assert from_csv.posts["dj", "property"] == PostRow(4, "dj", "property", "sub-3")


def test_a_branch_is_grafted_onto_a_registered_place() -> None:
    known = {"dj": Place("dj", PlaceKind.STREET, "东街街道", "0102")}
    file = "places:\n  - {code: jm, kind: community, name: 军门, parent: dj}\n"
    rows = read(file.encode(), "application/yaml")
    check(rows, known)
    assert rows.places["jm"].parent == "dj"
    assert errors(file, "text/yaml") == "2: parent dj is in neither the file nor the tree"


def test_every_error_of_a_yaml_file_is_told_with_its_line() -> None:
    file = """\
places:
  - code: gl
    kind: district
    name: 鼓楼区
    colour: red
    places:
      - {code: dj, kind: streat, name: 东街, places: [{code: jm, kind: community, name: ""}]}
      - {code: g1, kind: grid, name: 一格}
      - code: "not a code"
        kind: street
        name: 南街
        posts: {Property: ""}
      - {code: gl, kind: district, name: 鼓楼区}
"""
    assert errors(file, "text/yaml").splitlines() == [
        "5: unknown key 'colour'; a place has code, kind, name, posts, places, parent",
        f"7: kind 'streat': Input should be {', '.join(KINDS)} or 'unit'",
        "7: name is missing",
        "8: a grid cannot hang below a district (gl)",
        "9: code 'not a code': String should match pattern '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'",
        "13: place gl is described otherwise in line 2",
    ]


def test_every_error_of_a_csv_file_is_told_with_its_line() -> None:
    file = """\
code,kind,name,parent,duty,holder
gl,district,鼓楼区,,petitions,sub-1
gl,district,鼓楼区,,petitions,sub-2
dj,street,东街,gl,,
dj,street,东街街道,gl,,
jm,community,军门,nowhere,,
b1,building,,jm,,
u1,unit,301,b1,Desk,
too,few,fields
top,community,军门,,,
"""
    assert errors(file, "text/csv").splitlines() == [
        "3: petitions at gl is given away in line 2",
        "5: place dj is described otherwise in line 4",
        "6: parent nowhere is in neither the file nor the tree",
        "7: name is missing",
        "8: duty 'Desk': String should match pattern '^[a-z0-9][a-z0-9-]{0,63}$'",
        "8: holder is missing",
        "9: has 3 fields, the header 6",
        "10: a community needs a parent",
    ]


def test_a_registered_place_does_not_change_its_kind() -> None:
    known = {"gl": Place("gl", PlaceKind.STREET, "鼓楼", "fz")}
    file = "code,kind,name,parent\ngl,district,鼓楼区,\n"
    assert errors(file, "text/csv", known) == (
        "2: gl is registered as a street; a place never changes its kind"
    )


@pytest.mark.parametrize(
    ("content", "media_type", "told"),
    [
        ("places: [&a {code: x}, *a]", "text/yaml", "1: aliases are not allowed"),
        ("[" * 1_000, "text/yaml", "1: is nested too deep"),
        ("places:\n  - [}", "text/yaml", "2: is not YAML"),
        ("a: 1", "text/yaml", "1: must begin with `places:`"),
        ("", "text/yaml", "1: must begin with `places:`"),
        ("places:\n", "text/yaml", "1: places must be a list"),
        ("places: []", "text/yaml", "0: has no places"),
        ("places: [1]", "text/yaml", "1: a place must be a mapping"),
        ("places: []\n---\nplaces: []", "text/yaml", "2: is not YAML"),
        ("!!python/object:os.system {}", "text/yaml", "1: must begin with `places:`"),
        ("code,kind\n", "text/csv", "1: the header must be"),
        ("code,kind,name,parent,colour\n", "text/csv", "1: the header must be"),
        ("", "text/csv", "1: the header must be"),
        ('code,kind,name,parent\na,"b', "text/csv", "2: is not CSV"),
        ("code,kind,name,parent\n", "text/csv", "0: has no places"),
        (b"code,kind\n\xff\xfe", "text/csv", "2: is not UTF-8 text"),
    ],
)
def test_what_is_no_place_file_is_refused(content: str | bytes, media_type: str, told: str) -> None:
    assert errors(content, media_type).startswith(told)


def test_a_file_has_a_bound() -> None:
    lines = (f"d{n},district,区,\n" for n in range(MAX_PLACES + 1))
    file = "code,kind,name,parent\n" + "".join(lines)
    assert errors(file, "text/csv").startswith(f"0: has {MAX_PLACES + 1} places")
