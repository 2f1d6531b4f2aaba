"""A theme each month: a series makes its own occasions; people carry them in their calendars."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from deploy.demo.acting import Acting
from deploy.demo.callers import Refused
from deploy.demo.day import Person

PLACE = "359901-wx-th-e1"
SERVICE = "volunteering"
CITY_TIME = timezone(timedelta(hours=8))
BEGIN = "begin-series"
AHEAD = 28
"""Days before an occasion that it is made."""
THEMES = {
    3: ("学雷锋，邻里守望", "other"),
    5: ("护苗护绿", "environment"),
    10: ("九九敬老", "elders"),
}


def a_theme_each_month(act: Acting) -> None:
    """Every Wednesday evening something is done together; one evening is left out; somebody signs
    up, and finds it in their calendar.
    """
    act.scene("每周三 · A series: it plans its own evenings, and stands in calendars")
    desk = act.who("desk")
    neighbour = Person(f"demo-v-evening-{act.run}", "小郑", ("resident",), home=PLACE)
    newcomer = {
        "volunteer": neighbour.sub,
        "place": PLACE,
        "birth_year": 1990,
        "name": neighbour.name,
    }
    act.does(
        neighbour, "/volunteers", newcomer, "注册为志愿者 wants to serve",
        service=SERVICE, verb="register-volunteer",
    )  # fmt: skip
    act.hear(f"volunteer-{neighbour.sub}", {neighbour: "volunteer-welcome"})
    series = _begun(act, desk)
    act.until(lambda: len(_made(act, desk, series)) >= 2, "the series makes its occasions")
    made = _made(act, desk, series)
    act.claim("each evening is made once, weeks ahead", len(set(made)) == len(made))
    _left_out(act, desk, series)
    _in_the_calendar(act, neighbour, made[-1])


def _begun(act: Acting, desk: Person) -> str:
    today = datetime.now(CITY_TIME).date()
    body = {
        "place": PLACE,
        "rhythm": {"every": "week", "weekdays": [2]},
        "first": (today + timedelta(days=1)).isoformat(),
        "on_holiday": "skip",
        "timing": {"begin": "19:00", "minutes": 90, "days_ahead": AHEAD},
        "outline": {
            "title": "周三邻里夜",
            "theme": "culture",
            "roles": [{"code": "helper", "number": 12}],
            "text": "晚上七点，一起把楼下收拾干净，再坐下来聊聊天。",
            "meet_at": "一号楼架空层",
        },
        "themes": [
            {
                "month": f"{today.year + (month < today.month)}-{month:02}",
                "title": title,
                "theme": theme,
            }
            for month, (title, theme) in THEMES.items()
        ],
    }
    begun = act.does(
        desk, "/series", body, "每周三晚，每月一主题 begins it", service=SERVICE, verb=BEGIN
    )
    return str(begun["id"])


def _made(act: Acting, who: Person, series: str) -> list[str]:
    """The activities of the series that are announced at the place, the next first."""
    calendar = act.callers.download(SERVICE, f"/calendars/places/{PLACE}.ics", who).decode()
    lines = calendar.replace("\r\n ", "").splitlines()
    uids = (line.removeprefix("UID:activity-").partition("@")[0] for line in lines)
    return [uid for uid in uids if uid.startswith(f"{series}.")]


def _left_out(act: Acting, desk: Person, series: str) -> None:
    """A day to come is not held; one that is an activity already is called off as such."""
    coming = act.callers.get(SERVICE, f"/series/{series}/occasions", desk)["items"]
    first = date.fromisoformat(coming[0]["day"])
    at = f"/series/{series}/leave-out"
    act.does(desk, at, {"day": first.isoformat()}, "这一次停办 leaves it out", service=SERVICE)
    act.hear(f"series-{series}", {desk: "occasion-left-out"})
    again = act.callers.get(SERVICE, f"/series/{series}/occasions", desk)["items"][0]
    act.claim(
        "the day is shown as left out", (again["held_on"], again["because"]) == (None, "decided")
    )
    made = (first - timedelta(days=7)).isoformat()
    act.refused(
        desk,
        at,
        {"day": made},
        "occasion-made",
        "what is made is called off itself",
        service=SERVICE,
    )


def _in_the_calendar(act: Acting, neighbour: Person, evening: str) -> None:
    """One's own calendar by a secret address, which can be taken back."""
    opened = act.does(
        neighbour, "/calendar-feeds", {}, "开通日历订阅 opens a calendar",
        service=SERVICE, verb="open-feed",
    )  # fmt: skip
    at = f"/calendar-feeds/{opened['id']}"
    path = act.callers.get(SERVICE, at, neighbour)["path"]
    act.does(neighbour, f"/activities/{evening}/sign-up", {}, "报名 signs up", service=SERVICE)
    calendar = act.callers.download(SERVICE, path, neighbour).decode()
    act.claim("the evening stands in the calendar", evening in calendar.replace("\r\n ", ""))
    act.does(neighbour, f"{at}/renew", {}, "换一个订阅地址 renews the address", service=SERVICE)
    try:
        act.callers.download(SERVICE, path, neighbour)
    except Refused as refusal:
        act.claim("the old address is worth nothing", refusal.code == "not-found")
    else:
        act.claim("the old address is worth nothing", False)
