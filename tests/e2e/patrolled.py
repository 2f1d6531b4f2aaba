"""A patrol on its way, with something found: what the access to patrols is asked about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.worktime.hours import CHINA
from tests.e2e.town import HOME, Town
from tests.e2e.waiting import until


def a_patrol(town: Town, captain: str) -> str:
    """A volunteer leads a team, is on its rota, has begun the shift and recorded a finding; its
    id.
    """
    administrator, leader = town.administrator(), town.resident(captain)
    team = {
        "place": HOME,
        "kind": "patrol",
        "name": "巡逻队",
        "charter": "夜巡",
        "captain": captain,
    }
    founded = administrator.post("volunteering", "/teams", team)
    assert founded.status_code == 201, founded.text
    checkpoints = [{"name": "正门", "place": HOME, "minutes": 60}]
    route = {"place": HOME, "name": "夜巡一线", "checkpoints": checkpoints}
    laid_out = administrator.post("volunteering", "/patrol-routes", route)
    assert laid_out.status_code == 201, laid_out.text
    soon = (datetime.now(UTC) + timedelta(minutes=2)).astimezone(CHINA)
    line = {
        "kind": "safety",
        "team": founded.json()["id"],
        "members": [captain],
        "crew": 1,
        "shifts": [f"{soon:%H:%M}-{soon + timedelta(hours=2):%H:%M}"],
    }
    rota = {
        "place": HOME,
        "route": laid_out.json()["id"],
        "name": "今晚",
        "first": soon.date().isoformat(),
        "last": soon.date().isoformat(),
        "lines": [line],
    }
    drawn: list[str] = []

    def drew() -> bool:
        answer = administrator.post("volunteering", "/patrol-rotas", rota)
        if answer.status_code == 201:
            drawn.append(answer.json()["id"])
        return bool(drawn)

    until(drew, "a rota is drawn up once the team and the route are known")
    published = administrator.post("volunteering", f"/patrol-rotas/{drawn[0]}/publish", {})
    assert published.status_code == 200, published.text
    shift = f"{drawn[0]}.0"

    def begun() -> bool:
        return leader.post("volunteering", f"/patrol-shifts/{shift}/begin", {}).status_code == 200

    until(begun, "the shift is planned and begun")
    finding: dict[str, Any] = {
        "shift": shift,
        "place": HOME,
        "category": "sanitation",
        "title": "垃圾堆放",
        "text": "楼道里堆了垃圾。",
    }
    recorded = leader.post("volunteering", "/patrol-findings", finding)
    assert recorded.status_code == 201, recorded.text
    return str(recorded.json()["id"])
