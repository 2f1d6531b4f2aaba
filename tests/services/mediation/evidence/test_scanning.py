"""The virus test: clamd's protocol, what it finds, and that nothing passes where it is away."""

import pytest

from deploy.local.processes import free_port
from services.mediation.scanning import Clamd, NoScanner, Scanner, ScannerAway, Scanning
from tests.services.mediation.evidence.daemon import SICK, daemon


async def verdict(scanner: Scanner, *pieces: bytes) -> str | None:
    scan = await scanner.begin()
    try:
        for piece in pieces:
            await scan.feed(piece)
        return await scan.verdict()
    finally:
        await scan.end()


async def test_what_is_well_passes_whole_and_what_is_not_is_named() -> None:
    async with daemon() as there:
        scanner = Clamd("127.0.0.1", there.port)
        assert await verdict(scanner, b"one", b"", b"two" * 100_000) is None
        assert there.received == [b"one" + b"two" * 100_000]
        assert await verdict(scanner, b"x" * 10, SICK[:9], SICK[9:]) == "Test-Signature"


async def test_where_it_is_away_or_says_nothing_sensible_no_verdict_is_given() -> None:
    with pytest.raises(ScannerAway):
        await verdict(Clamd("127.0.0.1", free_port()), b"one")
    async with daemon() as there:
        there.most = 10
        with pytest.raises(ScannerAway):
            await verdict(Clamd("127.0.0.1", there.port), b"x" * 11, b"y" * 5_000_000)
        there.most, there.broken = 1000, True
        with pytest.raises(ScannerAway):
            await verdict(Clamd("127.0.0.1", there.port), b"x")
        there.broken, there.silent = False, True
        with pytest.raises(ScannerAway):
            await verdict(Clamd("127.0.0.1", there.port, seconds=0.05), b"x")


async def test_without_one_everything_passes() -> None:
    assert await verdict(NoScanner(), SICK) is None


def test_a_setting_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("JINLIN_CLAMD", raising=False)
    assert isinstance(Scanning().scanner, NoScanner)
    monkeypatch.setenv("JINLIN_CLAMD", "127.0.0.1:3310")
    assert isinstance(Scanning().scanner, Clamd)
    for wrong in ("clamd", "127.0.0.1:0", ":3310"):
        monkeypatch.setenv("JINLIN_CLAMD", wrong)
        with pytest.raises(SystemExit):
            Scanning()
        assert "JINLIN_CLAMD is wrong: expected host:port" in capsys.readouterr().err
