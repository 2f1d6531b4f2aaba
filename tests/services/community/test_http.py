"""community over HTTP: the tree from a file, who is responsible, who may read a household."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.community.importing import MAX_BYTES
from services.community.main import service
from tests.services.community.served import Served, served, until

TREE = """\
places:
  - code: gl
    kind: district
    name: 鼓楼区
    posts: {petitions: sub-district}
    places:
      - code: dj
        kind: street
        name: 东街街道
        places:
          - code: jm
            kind: community
            name: 军门社区
            posts: {property: sub-jm}
            places:
              - code: b1
                kind: building
                name: 一号楼
                places: [{code: u1, kind: unit, name: 101}]
      - {code: nj, kind: street, name: 南街街道}
"""
YAML = {"Content-Type": "text/yaml; charset=utf-8"}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        yield made


async def plant(at: Served, tree: str = TREE) -> dict[str, int]:
    answer = await at.ask(
        "POST", "/places/import", "admin", "administrator", content=tree.encode(), headers=YAML
    )
    assert answer.status_code == 200, answer.text
    counts: dict[str, int] = answer.json()
    return counts


WANG = {"resident": "wang", "household": "u1", "name": "王小明", "phone": "13800000000"}


async def register(at: Served) -> None:
    answer = await at.ask("POST", "/residents", "grid-1", "grid-worker", places=("jm",), json=WANG)
    assert answer.status_code == 201, answer.text


async def commits(at: Served) -> int:
    return sum([len(some) async for some in at.running.journal.rescan(None)])


async def test_a_tree_is_imported_once_and_then_only_what_differs(at: Served) -> None:
    first = await plant(at)
    assert (first["places"], first["registered"], first["assigned"]) == (6, 6, 2)
    kept = await commits(at)
    again = await plant(at)
    assert (again["unchanged"], again["registered"], again["assigned"]) == (6, 0, 0)
    assert await commits(at) == kept
    other = TREE.replace("南街街道", "南街").replace("sub-jm", "sub-new")
    third = await plant(at, other)
    assert (third["renamed"], third["unchanged"], third["assigned"]) == (1, 5, 1)


async def test_a_place_shows_its_ancestors_by_name(at: Served) -> None:
    await plant(at)
    answer = await at.ask("GET", "/places/jm", "wang", "resident")
    assert answer.headers["etag"] == '"1"'
    shown = answer.json()
    assert [above["name"] for above in shown["ancestors"]] == ["鼓楼区", "东街街道"]
    assert (shown["name"], shown["parent"], shown["can"]) == ("军门社区", "dj", [])
    admins = (await at.ask("GET", "/places/jm", "admin", "administrator")).json()
    assert set(admins["can"]) >= {"move", "rename", "close", "split"}
    assert (await at.ask("GET", "/places/none", "wang", "resident")).status_code == 404


async def test_places_are_listed_by_parent_and_kind_page_by_page(at: Served) -> None:
    await plant(at)
    first = (await at.ask("GET", "/places?parent=gl&limit=1", "wang", "resident")).json()
    assert [item["code"] for item in first["items"]] == ["dj"]
    rest = await at.ask("GET", f"/places?parent=gl&cursor={first['next']}", "wang", "resident")
    assert [item["code"] for item in rest.json()["items"]] == ["nj"]
    assert rest.json()["next"] is None
    streets = (await at.ask("GET", "/places?kind=street", "wang", "resident")).json()
    assert len(streets["items"]) == 2


async def test_a_file_with_an_error_imports_nothing_and_names_the_line(at: Served) -> None:
    broken = TREE.replace("kind: street, name: 南街街道", "kind: unit, parent: x")
    answer = await at.ask(
        "POST", "/places/import", "admin", "administrator", content=broken.encode(), headers=YAML
    )
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["line 20", "line 20"]
    assert (await at.ask("GET", "/places", "admin", "administrator")).json()["items"] == []


async def test_an_import_is_for_administrators_and_has_a_bound(at: Served) -> None:
    refused = await at.ask(
        "POST", "/places/import", "w", "community-staff", content=b"", headers=YAML
    )
    assert refused.status_code == 403
    large = await at.ask(
        "POST",
        "/places/import",
        "admin",
        "administrator",
        content=b"#" * (MAX_BYTES + 1),
        headers=YAML,
    )
    assert large.status_code == 413
    other = await at.ask("POST", "/places/import", "admin", "administrator", json={})
    assert other.status_code == 422


async def test_who_is_responsible_now_here_or_above(at: Served) -> None:
    await plant(at)

    async def duty(query: str) -> tuple[str, str | None]:
        answer = (await at.ask("GET", f"/duty?{query}", "wang", "resident")).json()
        return answer["place"], answer["holder"]

    assert await duty("place=jm&duty=property") == ("jm", "sub-jm")
    assert await duty("place=u1&duty=property") == ("u1", None)
    assert await duty("place=u1&duty=property&climb=true") == ("jm", "sub-jm")
    assert await duty("place=u1&duty=petitions&climb=true") == ("gl", "sub-district")
    assert await duty("place=u1&duty=none&climb=true") == ("u1", None)
    unknown = await at.ask("GET", "/duty?place=none&duty=property", "wang", "resident")
    assert unknown.status_code == 422


async def test_a_term_ends_by_itself_and_the_holder_may_resign(at: Served) -> None:
    await plant(at)
    soon = datetime.now(UTC) + timedelta(milliseconds=300)
    body = {"place": "nj", "duty": "property", "holder": "lin", "until": soon.isoformat()}
    made = await at.ask("POST", "/posts", "admin", "administrator", json=body)
    assert made.json() == {"id": "nj:property", "version": 1}
    posts = at.running.copies["post"]
    await until(lambda: "nj:property" in posts and posts["nj:property"].term is None)
    assert (await at.ask("POST", "/posts/jm:property/resign", "lin", json={})).status_code == 403
    seen = (await at.ask("GET", "/posts/jm:property", "sub-jm")).json()
    assert seen["can"] == ["name-deputy", "resign", "take-leave"]
    done = await at.ask("POST", "/posts/jm:property/resign", "sub-jm", json={})
    assert done.status_code == 200
    mine = await at.ask("GET", "/posts?holder=sub-district", "lin")
    assert [item["id"] for item in mine.json()["items"]] == ["gl:petitions"]


async def test_a_move_tells_every_new_path(at: Served) -> None:
    await plant(at)
    moved = await at.ask("POST", "/places/jm/move", "admin", "administrator", json={"parent": "nj"})
    assert moved.status_code == 200
    told = (await at.running.journal.history("place-jm"))[-1].events
    assert [(event.data or {})["path"] for event in told] == [
        ["gl", "nj", "jm"],
        ["gl", "nj", "jm", "b1"],
        ["gl", "nj", "jm", "b1", "u1"],
    ]
    places = at.running.copies["place"]
    await until(lambda: places["jm"].parent == "nj")
    shown = (await at.ask("GET", "/places/u1", "wang")).json()
    assert [above["code"] for above in shown["ancestors"]] == ["gl", "nj", "jm", "b1"]


async def test_residents_are_registered_by_the_staff_of_a_place_they_live_in(at: Served) -> None:
    await plant(at)
    for role, places in (("grid-worker", ("nj",)), ("grid-worker", ()), ("resident", ("jm",))):
        refused = await at.ask("POST", "/residents", "other", role, places=places, json=WANG)
        assert refused.status_code == 403
    elsewhere = {**WANG, "household": "u9"}
    unknown = await at.ask("POST", "/residents", "g", "grid-worker", places=("u9",), json=elsewhere)
    assert unknown.status_code == 403
    await register(at)
    body = {**WANG, "resident": "chen"}
    done = await at.ask("POST", "/residents", "admin", "administrator", json=body)
    assert done.status_code == 201


async def test_staff_of_the_place_see_residents_and_move_them(at: Served) -> None:
    await plant(at)
    second = {"code": "u2", "kind": "unit", "name": "102", "parent": "b1"}
    await at.ask("POST", "/places", "admin", "administrator", json=second)
    await until(lambda: "u2" in at.running.copies["place"])
    await register(at)
    seen = await at.ask("GET", "/residents/wang", "grid-2", "grid-worker", places=("dj",))
    assert "move" in seen.json()["can"]
    assert seen.json()["dossier"][0]["data"]["name"] == "王小明"
    readings = await at.running.journal.readings("resident-wang")
    assert [reading["reader"] for reading in readings] == ["grid-2"]
    move, to = "/residents/wang/move", {"household": "u2"}
    refused = await at.ask("POST", move, "grid-3", "grid-worker", places=("nj",), json=to)
    assert refused.status_code == 404
    assert (await at.ask("POST", move, "wang", "resident", json=to)).status_code == 403
    moved = await at.ask("POST", move, "grid-2", "grid-worker", places=("dj",), json=to)
    assert moved.status_code == 200


async def test_residents_see_themselves_and_other_residents_do_not(at: Served) -> None:
    await plant(at)
    await register(at)
    own = (await at.ask("GET", "/residents/wang", "wang", "resident")).json()
    assert own["household"] == "u1"
    assert own["dossier"][0]["data"]["name"] == "王小明"
    assert await at.running.journal.readings("resident-wang") == []
    for roles in (("resident",), ("grid-worker",)):
        other = await at.ask("GET", "/residents/wang", "other", *roles, places=("nj",))
        assert other.status_code == 404


async def test_staff_of_the_place_read_a_household_and_the_reading_is_kept(at: Served) -> None:
    await plant(at)
    await register(at)
    path = "/households/u1"
    read = await at.ask("GET", path, "grid-1", "grid-worker", places=("jm",))
    assert [one["described"]["name"] for one in read.json()["items"]] == ["王小明"]
    readings = await at.running.journal.readings("resident-wang")
    assert [reading["reader"] for reading in readings] == ["grid-1"]
    elsewhere = await at.ask("GET", path, "other", "grid-worker", places=("nj",))
    assert elsewhere.status_code == 404
    neighbour = await at.ask("GET", path, "other", "resident", places=("jm",))
    assert neighbour.status_code == 404
    assert (await at.ask("GET", "/households/jm", "a", "administrator")).status_code == 404


async def test_a_rejection_is_told_in_chinese_with_its_details(at: Served) -> None:
    await plant(at)
    refused = await at.ask(
        "POST",
        "/places",
        "admin",
        "administrator",
        json={"code": "jm", "kind": "community", "name": "军门", "parent": "dj"},
        headers={"Accept-Language": "zh-CN"},
    )
    assert refused.status_code == 409
    assert refused.json()["detail"] == "编号为 jm 的地点已经登记。"
