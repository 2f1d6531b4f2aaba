"""Words for what patrols found and for what became of it. `TABLES` and `TONES` are part of those
in `words`.
"""

from collections.abc import Mapping
from typing import Final

from services.gateway.pages.languages import marked

FINDING: Final = {
    "recorded": marked("等人处理"),
    "settled": marked("已处理"),
    "filed": marked("已转为诉求，办理中"),
    "answered": marked("已有答复"),
    "closed": marked("已办结"),
}
SETTLED: Final = {
    "put-right": marked("当场处理好了"),
    "passed-on": marked("已转给能处理的人"),
    "nothing-to-do": marked("看过了，不用处理"),
}
STEP: Final = {
    "PatrolFindingRecorded": marked("巡防时发现"),
    "PatrolFindingWaiting": marked("逾期没有人处理，已提醒带队的人"),
    "PatrolFindingClimbed": marked("仍然没有人处理，已告诉上一级"),
    "PatrolFindingSettled": marked("已处理，不用再办"),
    "FindingBecamePetition": marked("已转为诉求"),
    "answered": marked("诉求有了答复"),
    "reopened": marked("答复不满意，重新办理"),
    "closed": marked("诉求已办结"),
}
"""By event; what is heard of the petition, by its news."""

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "finding": FINDING,
    "finding settled": SETTLED,
    "finding step": STEP,
}
TONES: Final = {"recorded": "you", "settled": "done"}
