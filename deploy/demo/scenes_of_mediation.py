"""A quarrel that is settled: out of a petition, mediated, in writing; then what proves it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.demo.acting import Acting, in_days
from deploy.demo.callers import Refused
from deploy.demo.day import Person
from deploy.local.layout import ROOT

COMMUNITY, PLACE = "359901-wx-th", "359901-wx-th-e1"
SERVICE, LOG = "mediation", "ledger"
NOTICE = "物业通知：1号楼一层公共通道内堆放的纸箱、旧床垫，请于本月底前清走。晒谷坪物业。\n"
"""What is shown in the dispute."""
ACCOUNT = "方志远网店的纸箱和一张旧床垫堆在一层通道，轮椅过不去，说过三次没有结果。"
CHOSEN = ("kind", "clauses", "whole", "document")
"""What is shown of the settlement: that something was agreed, and what; not with whom."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is there once a quarrel is settled: what was shown in it, and the settlement."""

    evidence: bytes
    document: bytes


def a_quarrel_in_the_corridor(act: Acting) -> Settled:
    """A petition becomes a dispute, waits for it, and is answered with what was agreed."""
    act.scene("楼道堆物起纠纷 · A quarrel over a corridor: out of a petition, mediated, agreed on")
    lin, fang, steward = act.who("lin"), act.who("fang"), act.who("e1-steward")
    petition = act.file(
        lin,
        "投诉 complains",
        kind="complaint",
        category="disputes",
        title="公共通道堆满货物",
        text="1号楼一层公共通道堆着邻居的纸箱和旧床垫，轮椅过不去，请帮忙协调。",
        place=f"{PLACE}-b1",
    )
    dispute = _filed(act, petition)
    at = f"/disputes/{dispute}"
    act.does(fang, f"{at}/agree", {}, "同意调解 agrees to mediation", service=SERVICE)
    act.until(lambda: _petition(act, petition)["suspended"] is not None, "the petition waits")
    waits = _petition(act, petition)
    still = waits["status"] == "suspended"
    act.claim("mediation has begun and the petition's clock stands still", still)
    act.claim("suspended for mediation", waits["suspended"]["reason"] == "mediation")
    mediator = _mediated(act, dispute)
    evidence = _shown(act, dispute, mediator)
    document = _agreed(act, dispute, mediator)
    _answered(act, petition, dispute)
    act.hear(
        f"petition-{petition}",
        {
            lin: "petition-received petition-assigned petition-mediated petition-suspended "
            "petition-resumed petition-answered petition-closed",
            # Who filed the dispute is not told that the clock stands still because of it.
            steward: "duty-assigned duty-mediated duty-agreed duty-resumed",
        },
    )
    act.hear(
        f"dispute-{dispute}",
        {
            lin: "dispute-recorded dispute-begun dispute-ended",
            fang: "dispute-invited dispute-begun dispute-ended",
            mediator: "dispute-ended",
        },
    )
    return Settled(evidence, document)


def what_proves_it(act: Acting, settled: Settled) -> None:
    """The ledger has sealed what was shown and agreed: anybody checks it without asking anybody."""
    act.scene("存证 · Sealed: proved offline on the very bytes, and shown only in part")
    with TemporaryDirectory(prefix="demo-proof-") as folder:
        for what, content, kind in (
            ("the evidence", settled.evidence, "evidence"),
            ("the agreement", settled.document, "agreement"),
        ):
            _proved(act, Path(folder), what, content, kind)
    _shown_in_part(act, settled)


# --- the quarrel ---------------------------------------------------------------------------------


def _filed(act: Acting, petition: str) -> str:
    """The one who has the petition brings the dispute forward for her; each names the other."""
    lin, fang, steward = act.who("lin"), act.who("fang"), act.who("e1-steward")
    quarrel = {
        "kind": "shared-space",
        "place": PLACE,
        "title": "一层通道堆物",
        "text": ACCOUNT,
        "parties": [
            {"side": "a", "person": lin.sub, "name": lin.name},
            {"side": "b", "person": fang.sub, "name": fang.name},
        ],
        "petition": petition,
        "on_behalf": True,
        "for_party": 1,
        "consent": {"how": "spoken", "given": datetime.now(UTC).isoformat()},
    }
    words = "诉求转调解 makes a dispute of it, with her consent"
    made = act.does(steward, "/disputes", quarrel, words, service=SERVICE, verb="file-dispute")
    dispute = str(made["id"])
    act.until(lambda: bool(_dispute(act, dispute)["linked"]), "the petition has confirmed it")
    known = _petition(act, petition)["mediation"]
    linked = _dispute(act, dispute)["petition"] == petition and known["dispute"] == dispute
    act.claim("the petition and the dispute name each other", linked)
    return dispute


def _mediated(act: Acting, dispute: str) -> Person:
    """The community asks who could mediate, and appoints one who accepts."""
    desk = act.who("desk")
    lin, fang = act.who("lin"), act.who("fang")
    mediator = Person(f"demo-m-peace-{act.run}", "和事佬蔡阿姨", ("resident",), home=PLACE)
    record = {
        "person": mediator.sub,
        "place": COMMUNITY,
        "serves": [COMMUNITY],
        "fields": ["shared-space", "noise"],
        "languages": ["zh-Hans"],
        "most_cases": 5,
        "until": in_days(300).isoformat(),
        "name": mediator.name,
        "introduction": "退休教师，楼里的事都爱管一管。",
    }
    words = "登记调解员 registers a mediator"
    act.does(desk, "/mediators", record, words, service=SERVICE, verb="register")
    at, words = f"/mediators/{mediator.sub}", "培训合格 notes her training"
    act.does(desk, f"{at}/train", {"training": "mediation"}, words, service=SERVICE)

    def suggested() -> dict[str, Any] | None:
        asked = {"language": "zh-Hans", "limit": 200}
        found = act.callers.get(SERVICE, f"/panels/{dispute}/suggestions", desk, asked)
        return next((one for one in found["items"] if one["mediator"] == mediator.sub), None)

    act.until(_answers(lambda: bool(suggested())), "a mediator is suggested")
    best = suggested() or {}
    reasons = {"load", "place", "language", "training", "record"}
    fits = best.get("fits") is True and set(best["parts"]) == reasons
    act.claim("a mediator is suggested, with the reasons", fits)
    panel, body = f"/panels/{dispute}", {"person": mediator.sub}
    act.does(desk, f"{panel}/appoint", body, "请她调解 asks her", service=SERVICE)
    act.does(mediator, f"{panel}/accept", {}, "接受 accepts", service=SERVICE)
    act.until(
        lambda: bool(_dispute(act, dispute)["mediator"] == mediator.sub),
        "the dispute knows who mediates",
    )
    organises = act.callers.get(SERVICE, f"/disputes/{dispute}", desk)
    act.claim("who organises it does not read what was said", ACCOUNT not in str(organises))
    act.claim(
        "who mediates does",
        ACCOUNT in str(act.callers.get(SERVICE, f"/disputes/{dispute}", mediator)),
    )
    act.hear(f"mediator-{mediator.sub}", {mediator: "mediator-registered"})
    appointed = "mediator-appointed"
    told = {mediator: "mediation-asked", lin: appointed, fang: appointed}
    act.hear(f"panel-{dispute}", told)
    return mediator


def _shown(act: Acting, dispute: str, mediator: Person) -> bytes:
    """A small file is shown to all; it stays what it is."""
    lin, fang = act.who("lin"), act.who("fang")
    content = f"{NOTICE}{act.run}\n".encode()
    filed = act.sends(
        lin,
        f"/disputes/{dispute}/evidence",
        content,
        "text/plain",
        "提交物业通知 shows a notice",
        service=SERVICE,
        kind="evidence",
        verb="file",
    )
    own = filed["digest"] == sha256(content).hexdigest()
    act.claim("the evidence's SHA-256 is that of the bytes", own)
    seen = act.callers.download(SERVICE, f"/evidence/{filed['id']}/content", fang)
    act.claim("the other side sees the same, byte for byte", seen == content)
    told = {fang: "evidence-filed", mediator: "evidence-filed"}
    act.hear(f"evidence-{filed['id']}", told)
    return content


def _agreed(act: Acting, dispute: str, mediator: Person) -> bytes:
    """Two clauses, signed by both with their codes: in force, and there to be printed. The document
    that both signed.
    """
    lin, fang = act.who("lin"), act.who("fang")
    clauses = [
        {"party": "p2", "what": "搬走通道里的纸箱和床垫。", "until": in_days(7).isoformat()},
        {"party": "p1", "what": "借出自家储物间一角，周转三天。", "until": in_days(10).isoformat()},
    ]
    made = act.does(
        mediator,
        f"/disputes/{dispute}/agreements",
        {"clauses": clauses},
        "起草协议 drafts an agreement of two clauses",
        service=SERVICE,
        kind="agreement",
        verb="draft",
    )
    agreement = str(made["id"])
    at, words = f"/agreements/{agreement}", "在协议上署名 has her name stand in it"
    act.does(lin, f"{at}/show-name", {"name": lin.name}, words, service=SERVICE, verb="draft")
    for who in (lin, fang):
        code = act.callers.get(SERVICE, f"{at}/sign-code", who)
        said = {name: code[name] for name in ("number", "digest", "code")}
        if who is fang:
            other = f"{(int(said['code'][0]) + 1) % 10}{said['code'][1:]}"
            wrong, never = {**said, "code": other}, "another code signs nothing"
            act.refused(fang, f"{at}/sign", wrong, "wrong-sign-code", never, service=SERVICE)
        act.does(who, f"{at}/sign", said, "凭码签字 signs with the code", service=SERVICE)
    signed = act.callers.get(SERVICE, at, fang)
    whole = (signed["status"], signed["unsigned"]) == ("in-force", [])
    act.claim("both have signed and it is in force", whole)
    document = act.callers.download(SERVICE, f"{at}/document", fang)
    act.claim(
        "what both signed is the document's SHA-256",
        signed["digest"] == sha256(document).hexdigest(),
    )
    printed = act.callers.download(SERVICE, f"{at}/settlement", lin)
    act.claim("the settlement is there to be printed", printed.startswith(b"%PDF"))
    asked = {"digest": signed["digest"]}
    checked = act.callers.get(SERVICE, f"/public{at}", None, asked)
    act.claim("who has the document hears that it is in force", checked["verdict"] == "in-force")
    act.hear(
        f"agreement-{agreement}",
        {
            lin: "agreement-to-sign agreement-in-force",
            fang: "agreement-to-sign*2 agreement-in-force",
            mediator: "agreement-drafted agreement-in-force",
        },
    )
    return document


def _answered(act: Acting, petition: str, dispute: str) -> None:
    """The clock runs on, and the one who has it answers with what was agreed."""
    lin, steward = act.who("lin"), act.who("e1-steward")
    act.until(lambda: _dispute(act, dispute)["status"] == "ended", "the dispute has ended")
    ended = _dispute(act, dispute)
    act.claim("the dispute has ended, settled", ended["outcome"] == "settled")
    act.until(lambda: bool(_petition(act, petition)["mediation"]["over"]), "the petition knows it")
    shown = _petition(act, petition)
    act.claim("the petition knows that it is settled", shown["mediation"]["settled"] is True)
    runs = shown["suspended"] is None and shown["answer_by"] is not None
    act.claim("its clock runs on", runs and shown["status"] != "suspended")

    def told() -> bool:
        about = f"petition-{petition}"
        return any(
            (item["about"], item["kind"]) == (about, "duty-agreed")
            for item in act.callers.inbox(steward)
        )

    act.until(told, "who has the petition is told to answer")
    act.claim("who has it is told to answer with what was agreed", True)
    done = {
        "done": "双方签了调解协议：七天内搬空通道，储物间借用三天。",
        "done_by": "晒谷坪调解",
        "finished": True,
    }
    act.does(steward, f"/petitions/{petition}/answer", done, "答复 answers with it")
    act.does(lin, f"/petitions/{petition}/confirm-solved", {}, "确认已解决 says it is solved")


def _petition(act: Acting, petition: str) -> dict[str, Any]:
    return act.shown(act.who("e1-steward"), petition)


def _dispute(act: Acting, dispute: str) -> dict[str, Any]:
    return act.callers.get(SERVICE, f"/disputes/{dispute}", act.who("e1-steward"))


def _answers(is_so: Callable[[], bool]) -> Callable[[], bool]:
    """What is refused as long as it is not known yet."""

    def asked() -> bool:
        try:
            return is_so()
        except Refused:
            return False

    return asked


# --- what proves it ------------------------------------------------------------------------------


def _proved(act: Acting, folder: Path, what: str, content: bytes, kind: str) -> None:
    """The proof is got once; it is checked by another process, which asks nobody."""
    asked = {"digest": sha256(content).hexdigest(), "kind": kind}
    got: list[dict[str, Any]] = []

    def sealed() -> bool:
        got.append(act.callers.get(LOG, "/proof", None, asked))
        return True

    act.until(_answers(sealed), f"the ledger has sealed {what}")
    file, proof = folder / kind, folder / f"{kind}-proof.json"
    proof.write_text(json.dumps(got[-1]), encoding="utf-8")
    key = act.callers.get(LOG, "/keys", None)["keys"][0]["key"]

    def verified(those: bytes) -> int:
        file.write_bytes(those)
        command = (sys.executable, "-m", "services.ledger.verify", str(file), str(proof))
        run = subprocess.run([*command, "--key", key], cwd=ROOT, capture_output=True, check=False)
        return run.returncode

    act.claim(f"{what} is proved offline: exit code 0", verified(content) == 0)
    changed = bytes([content[0] ^ 1]) + content[1:]
    act.claim(f"{what} with one byte changed is not: exit code 1", verified(changed) == 1)


def _shown_in_part(act: Acting, settled: Settled) -> None:
    """He shows what was agreed, and not with whom."""
    lin, fang = act.who("lin"), act.who("fang")
    digest = sha256(settled.document).hexdigest()

    def known() -> bool:
        own = act.callers.get(LOG, "/documents", fang, {"limit": 200})["items"]
        return digest in [one["id"] for one in own]

    act.until(known, "the ledger knows whose settlement it is")
    made = act.sends(
        fang,
        "/credentials",
        settled.document,
        "application/json",
        "申请调解协议凭证 has a credential made of the settlement",
        service=LOG,
        kind="credential",
        verb="issue-credential",
    )
    at = f"/credentials/{made['id']}"
    body = {"claims": list(CHOSEN)}
    shown = act.callers.post(LOG, f"{at}/present", fang, body, f"present/{act.run}")
    checked = act.callers.post(LOG, "/verify", None, shown, f"verify/{act.run}")
    act.claim("what he shows of it is valid", checked["verdict"] == "valid")
    act.claim("it shows what he chose, and nothing else", set(checked["shown"]) == set(CHOSEN))
    held = act.callers.get(LOG, f"{at}/document", fang)
    hidden = lin.name in str(held) and lin.name not in str(shown) and lin.sub not in str(shown)
    act.claim("her name stands in the credential, and not in what he shows", hidden)
    act.hear(f"credential-{made['id']}", {fang: "credential-issued"})
