"""Signed heads: in the format that others read, and refused where anything is not so."""

from base64 import b64encode

import pytest

from shared.merkle.ed25519 import new_signer, signer_in, verify
from shared.merkle.notes import (
    Head,
    Key,
    KeyLine,
    Malformed,
    Note,
    head_in,
    key_chain,
    key_in,
    message,
    note_in,
    signatures_in,
)
from shared.merkle.tree import BadProof
from tests.merkle.logs import NAME, SECONDS, SmallLog

EXAMPLE = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 \
jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
"""The example of https://c2sp.org/tlog-cosignature: one signature of another type, one of ours."""


def test_others_heads_are_read() -> None:
    note = note_in(EXAMPLE)
    head = head_in(note.body)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert head.body == note.body
    (cosigned,) = note.signatures
    assert cosigned.name == "witness.example.com/w1"
    assert cosigned.seconds == 1679315147
    assert str(cosigned) == EXAMPLE.splitlines(keepends=True)[-1]


def test_what_is_signed_is_written_as_the_format_says() -> None:
    body = Head(NAME, 3, bytes(32)).body
    assert body == f"{NAME}\n3\n{b64encode(bytes(32)).decode()}\n"
    assert message(body, SECONDS) == f"cosignature/v1\ntime {SECONDS}\n{body}".encode()


def test_a_key_is_a_line_and_comes_back() -> None:
    signer = new_signer(NAME)
    assert key_in(str(signer.key)) == signer.key
    again = signer_in(signer.secret)
    assert again.key == signer.key
    assert again.sign("x\n", SECONDS) == signer.sign("x\n", SECONDS)
    assert signer.secret not in repr(signer)
    assert len(signer.key.fingerprint.replace(" ", "")) == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(NAME, "log.test/other"),
        lambda text: text[:-4] + "AAA=",
        lambda text: text.replace("+", " ", 1),
        lambda text: text.split("+")[0],
        lambda _: "",
    ],
)
def test_a_changed_key_is_refused(change: object) -> None:
    assert callable(change)
    signer = new_signer(NAME)
    with pytest.raises(Malformed):
        key_in(change(str(signer.key)))
    with pytest.raises(Malformed):
        signer_in(change(signer.secret.removeprefix("PRIVATE+KEY+")))


def test_a_signature_is_of_its_key_over_its_text_at_its_time() -> None:
    signer, other = new_signer(NAME), new_signer(NAME)
    note = Note("a\nb\n", (signer.sign("a\nb\n", SECONDS),))
    assert note_in(str(note)) == note
    assert note.signed_by(signer.key, verify) == SECONDS
    assert note.signed_by(other.key, verify) is None
    for wrong in (
        Note("a\nc\n", note.signatures),
        Note(note.body, (signer.sign("a\nc\n", SECONDS),)),
        Note(note.body, (type(note.signatures[0])(NAME, signer.key.id, SECONDS + 1, bytes(64)),)),
    ):
        with pytest.raises(BadProof, match="is not of its key"):
            wrong.signed_by(signer.key, verify)
    assert not verify(b"short", bytes(64), b"")
    assert not verify(signer.key.public, b"", b"")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no blank line\n",
        "\n\n— a AAAA\n",
        "a\n\n- a AAAAAAAA\n",
        "a\n\n— a\n",
        "a\n\n— a ####\n",
        "a\n\n— a b c\n",
        "a\n\n— a AAAAAAB=\n",
        "a\r\n\n— a AAAAAAAA\n",
        "a" * 20_000 + "\n\n— a AAAAAAAA\n",
        "a\n\n" + "— a AAAAAAAA\n" * 65,
        "a\n\n— a " + b64encode(bytes(4) + b"\xff" * 72).decode() + "\n",
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        note_in(text)


@pytest.mark.parametrize(
    "body", ["", "a\n", "a\n1\n", "a\n01\nX\n", "a b\n1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n"]
)
def test_what_is_no_head_is_refused(body: str) -> None:
    with pytest.raises(Malformed):
        head_in(body)


def test_a_key_is_followed_by_one_that_it_vouches_for() -> None:
    log = SmallLog(signers=[new_signer(NAME) for _ in range(3)])
    keys = [each.key for each in log.signers]
    lines = log.keys
    assert key_chain(NAME, lines, verify) == keys
    foreign = new_signer("log.test/other")
    for wrong in (
        [],
        [lines[0], lines[2]],
        [lines[0], KeyLine(lines[1].key)],
        [lines[0], KeyLine(lines[2].key, lines[1].succession)],
        [KeyLine(str(foreign.key))],
        [lines[0], KeyLine(lines[1].key, SmallLog(signers=log.signers[1:]).keys[1].succession)],
    ):
        with pytest.raises((BadProof, Malformed)):
            key_chain(NAME, wrong, verify)


def test_signatures_of_other_types_are_left_out() -> None:
    assert list(signatures_in("— a AAAAAAAA\n")) == []
    assert Key("a", bytes(32)).id != Key("b", bytes(32)).id
