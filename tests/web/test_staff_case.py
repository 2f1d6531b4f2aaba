"""The staff's story: from the queue to a case, taken and answered; on a phone and on a desk, with
script and without.
"""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.town import HOME, Town
from tests.web.desks import Desks
from tests.web.watching import DESK, PHONE

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def opened(page: Page, title: str) -> None:
    """Finds a case in the queue and opens it."""
    page.get_by_label("搜索标题和内容").fill(title)
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_queue_to_the_answer(
    desks: Desks, town: Town, size: ViewportSize, script: bool
) -> None:
    title = f"{uuid4().hex[:8]}号楼道灯不亮"
    petition = town.resident().file(title=title)
    page = desks.of_holder(HOME, size=size, script=script)
    opened(page, title)
    page.get_by_role("button", name="开始办理").click()
    expect(page.get_by_role("status")).to_have_text("这件诉求现在由您承办。")
    expect(page.locator(".status").first).to_have_text("办理中")
    answer = page.locator("#verb-answer")
    if not answer.locator("form").is_visible():
        answer.locator("summary").click()
    answer.get_by_label("做了什么").fill("换了三楼的灯。")
    answer.get_by_label("由谁完成").fill("物业张师傅")
    answer.get_by_label("第 1 项").fill("检查整栋楼的灯")
    answer.get_by_label("完成日期").first.fill("2030-01-31")
    answer.get_by_role("button", name="答复").click()
    expect(page.get_by_role("status")).to_have_text("答复已经送出，等待诉求人评价。")
    expect(page.get_by_text("检查整栋楼的灯").first).to_be_visible()
    assert town.holder(HOME).sees(petition)["status"] == "answered"


def test_a_hollow_answer_is_refused_in_words_and_stays_typed(desks: Desks, town: Town) -> None:
    petition = town.resident().file()
    page = desks.of_holder(HOME)
    page.goto(f"{desks.door}/work/petitions/{petition}")
    answer = page.locator("#verb-answer")
    answer.locator("summary").click()
    answer.get_by_label("做了什么").fill("已转相关部门处理")
    answer.get_by_label("由谁完成").fill("本人")
    answer.get_by_label("已经办结").check()
    answer.get_by_role("button", name="答复").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明已经做了什么")
    expect(page.get_by_label("做了什么")).to_have_value("已转相关部门处理")
    desks.forgive("409")


def test_what_changed_meanwhile_is_told(desks: Desks, town: Town) -> None:
    resident = town.resident()
    petition = resident.file()
    page = desks.of_holder(HOME)
    page.goto(f"{desks.door}/work/petitions/{petition}")
    resident.does("comment", petition, text="水已经漫到门口了。")
    page.get_by_role("button", name="开始办理").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("刚才的操作没有执行")
    expect(alert).to_contain_text("留言")
    expect(alert).to_be_focused()
    expect(page.get_by_text("水已经漫到门口了。")).to_be_visible()
    page.get_by_role("button", name="开始办理").click()
    expect(page.get_by_role("status")).to_have_text("这件诉求现在由您承办。")
    desks.forgive("412")


def test_exactly_the_open_verbs_are_offered(desks: Desks, town: Town) -> None:
    petition = town.resident().file()
    page = desks.of_secretary()
    page.goto(f"{desks.door}/work/petitions/{petition}")
    offered = {
        re.sub(r".*/", "", str(form.get_attribute("action")))
        for form in page.locator("form[action*='/work/petitions/']").all()
    }
    secretary = town.staff("community-staff", "D1-S1-C1", "secretary-1")
    assert offered - {"attachments"} == set(secretary.sees(petition)["can"])


def test_words_with_markup_are_words(desks: Desks, town: Town) -> None:
    resident = town.resident()
    contact = {"name": MARKUP, "phone": MARKUP, "address": MARKUP}
    petition = resident.file(title=f"标题{MARKUP}", text=f"正文{MARKUP}", contact=contact)
    resident.does("comment", petition, text=f"留言{MARKUP}")
    page = desks.of_holder(HOME)
    for path in ("/work", f"/work/petitions/{petition}", f"/work/duplicates/{petition}"):
        page.goto(desks.door + path)
        assert page.locator("main script, main img").count() == 0
        expect(page.get_by_text("<script>alert(1)</script>").first).to_be_visible()


def test_a_file_goes_with_the_case(desks: Desks, town: Town) -> None:
    petition = town.resident().file()
    page = desks.of_holder(HOME)
    page.goto(f"{desks.door}/work/petitions/{petition}")
    page.get_by_text("添加附件").click()
    page.get_by_label("图片或者 PDF").set_input_files(
        {"name": "照片.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("status")).to_have_text("附件已经添加。")
    with page.expect_download() as saved:
        page.get_by_role("link", name="照片.png").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_file_that_cannot_be_opened_is_refused_on_the_case(desks: Desks, town: Town) -> None:
    petition = town.resident().file()
    page = desks.of_holder(HOME)
    page.goto(f"{desks.door}/work/petitions/{petition}")
    page.get_by_text("添加附件").click()
    page.get_by_label("图片或者 PDF").set_input_files(
        {"name": "照片.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("alert")).to_contain_text("附件须是能够打开的")
    expect(page.get_by_label("图片或者 PDF")).to_be_visible()
    desks.forgive("415")


def a_picture() -> bytes:
    """A small PNG."""
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    return drawn.getvalue()
