"""The machine and the versions a figure was measured with: without them it means nothing."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from deploy.local.install import find_mongod
from deploy.local.layout import KAFKA_LIBS

PACKAGES = ("fastapi", "uvicorn", "uvloop", "pymongo", "motor", "aiokafka", "faststream")


def machine() -> dict[str, Any]:
    """Cores, memory, processor, system, and how busy it was with other things before the run."""
    return {
        "cores": os.cpu_count(),
        "ram_gb": round(_memory_kb() / 1024**2, 1),
        "processor": _processor(),
        "system": platform.platform(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    """Of everything between the client and the disk."""
    found = {name: version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "mongod": _mongod(), "kafka": _kafka(), **found}


def rss_mb(pid: int) -> float:
    """Memory of a process that is in RAM now, in MiB."""
    return _status_mb(pid, "VmRSS")


def peak_rss_mb(pid: int) -> float:
    """The most that it ever had in RAM, in MiB."""
    return _status_mb(pid, "VmHWM")


def cpu_seconds(pid: int) -> float:
    """What a living process has used of processors so far."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def _status_mb(pid: int, which: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    match = re.search(rf"^{which}:\s+(\d+) kB", status, re.MULTILINE)
    assert match is not None, f"a living process has {which}"
    return int(match[1]) / 1024


def _memory_kb() -> int:
    first = Path("/proc/meminfo").read_text().partition("\n")[0]
    return int(first.split()[1])


def _processor() -> str:
    match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else platform.machine()


def _mongod() -> str:
    mongod = find_mongod()
    if mongod is None:
        return ""
    told = subprocess.run([mongod, "--version"], capture_output=True, text=True, check=False)
    return told.stdout.partition("\n")[0].rpartition("v")[2]


def _kafka() -> str:
    jars = sorted(KAFKA_LIBS.glob("kafka-clients-*.jar"))
    return jars[0].stem.rpartition("-")[2] if jars else ""
