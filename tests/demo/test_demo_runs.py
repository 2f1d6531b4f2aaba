"""The demo for real, as `make demo` runs it: own servers, own ports, own directory."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.layout import PORTS, ROOT, SERVICES
from deploy.local.processes import free_port

pytestmark = pytest.mark.alone

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """`run("deploy.demo", ...)` on a local run of this module's own, which is ended afterwards."""
    var = tmp_path_factory.mktemp("demo") / "var"
    ports: dict[str, str] = {}
    for setting in PORTS.values():
        port = free_port()
        while str(port) in ports.values():
            port = free_port()
        ports[setting.variable] = str(port)
    rest = {name: text for name, text in os.environ.items() if not name.startswith("JINLIN")}

    def python(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**rest, **ports, "JINLIN_VAR": str(var)},
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )

    yield python
    if (var / "run").exists():
        assert python("deploy.local", "down").returncode == 0


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.timeout(500)
def test_the_day_is_played_and_all_of_it_is_true(run: Run) -> None:
    demo = run("deploy.demo")
    assert demo.returncode == 0, demo.stdout + demo.stderr
    for line in (
        r"climbed by itself: 街道 street",
        r"时限过四分之三",
        r"由上一级重办",
        r"→ 何梦: 您的诉求已逾期",
        r"Gas at night",
        r"✓ “已转相关部门处理” is no answer: hollow-answer",
        r"✓ who answers it is not told who reported",
        r"✓ every part is in or settled",
        r"✓ silence accepted nothing",
        r"✓ no word of theirs is left in any store, and no message",
        r"✓ the patrol knows how it ended",
        r"✓ anybody can check it by its SHA-256",
        r"✓ the community's figures are those of a plain count",
        r"✓ she stands on the honours list with her name and her minutes",
        r"✓ suspended for mediation",
        r"✓ the agreement is proved offline: exit code 0",
        r"8 petitions played through, 2\d\d acts acknowledged, 13\d claims",
        r"messages in \d+ inboxes: all as told",
        r"dead letters +│ +0 │ +0 │ +0 │ +0 │",
        r"/api/docs",
        r"make down",
        r"All of this is true",
    ):
        assert re.search(line, demo.stdout), f"{line} is missing in:\n{demo.stdout}"
    status = run("deploy.local", "status")
    assert status.returncode == 0, "services stay up"
    assert status.stdout.count(" ready ") >= 3 + len(SERVICES)


HEADER = "id,author,subject,filed_at,body"
ROWS = """\
1,甲,路口没有斑马线,2019-04-25T09:32:09,放学时孩子们过马路很危险。
2,乙,咨询老年卡怎么办,2020-01-03T18:00:00,"需要带哪些材料？
能不能由子女代办？"
"""


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.timeout(500)
def test_messages_are_filed_once_however_often_it_is_run(run: Run, tmp_path: Path) -> None:
    hollow = '11,丁,路灯,2020-02-03T10:00:00,灯不亮,"您好，已转相关部门处理。"\n'
    done = "21,丁,井盖,2020-02-03T10:00:00,井盖松动,已更换井盖并加固。\n"
    answers = f"{HEADER},reply\n{hollow}{done}"
    (tmp_path / "answered.csv").write_text(answers, encoding="utf-8")
    (tmp_path / "supported.csv").write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    labelled = "3,丙,夜里有人飙车,2018-06-01T23:10:00,每晚十一点以后,交通运输\n"
    (tmp_path / "labelled.csv").write_text(f"{HEADER},category\n{labelled * 2}", encoding="utf-8")

    first = run("deploy.demo", "--data", str(tmp_path))
    assert first.returncode == 0, first.stdout + first.stderr
    assert "6 rows read: 2 of answered.csv, 2 of supported.csv, 2 of labelled.csv" in first.stdout
    assert re.search(r"6 accepted in .* 6 of them new", first.stdout)
    assert re.search(r"messages stored +│ +18 │ +18 │", first.stdout)
    assert re.search(r"原答复 replies +│ +2 │ +2 │", first.stdout)
    assert "1 of them (50.0%) were refused as hollow-answer" in first.stdout
    assert "All of this is true" in first.stdout

    again = run("deploy.demo", "--data", str(tmp_path))
    assert again.returncode == 0, again.stdout + again.stderr
    assert re.search(r"0 of them new, 6 filed by an earlier run", again.stdout)
    assert re.search(r"messages stored +│ +18 │ +18 │", again.stdout)
    assert "1 of them (50.0%) were refused as hollow-answer" in again.stdout

    # The key is the row's, so a row that says something else now is neither filed nor passed over.
    (tmp_path / "answered.csv").write_text(answers.replace("不亮", "不灭"), encoding="utf-8")
    changed = run("deploy.demo", "--data", str(tmp_path))
    assert changed.returncode == 1
    assert f"{tmp_path}/answered.csv:2: 422" in changed.stdout.replace("\n", "")
    assert "was not filed" in changed.stdout.replace("\n", "")
    assert "All of this is true" not in changed.stdout


@pytest.mark.slow
def test_a_folder_that_is_not_there_is_named_before_anything_starts(run: Run) -> None:
    demo = run("deploy.demo", "--data", "nowhere")
    assert demo.returncode == 1
    assert demo.stderr.startswith("demo: nowhere: there is no such folder")
