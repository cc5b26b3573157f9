import os
import subprocess
import sys

import pytest

from fast_style.io import memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux' own files")
MUCH = 2**50


def test_is_no_more_than_the_machine_has():
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

    assert 2**24 < memory.get_available_memory() <= total


@pytest.fixture
def groups(tmp_path, monkeypatch):
    """Writes control groups as Linux shows them: /proc/self/cgroup, and files."""
    monkeypatch.setattr(memory, "_V2_MOUNTS", (tmp_path / "v2",))
    monkeypatch.setattr(memory, "_V1_MOUNT", tmp_path / "v1")
    monkeypatch.setattr(memory, "_PROCESS", tmp_path)
    monkeypatch.setattr(memory, "_read_meminfo", lambda: MUCH)

    def write(lines, files):
        (tmp_path / "cgroup").write_text("\n".join(lines) + "\n")
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n")

    return write


@pytest.mark.parametrize("place", ["/", "/elsewhere/outside/the/container"])
def test_the_limit_of_a_container_counts(groups, place):
    groups([f"0::{place}"], {"v2/memory.max": 1_000_000, "v2/memory.current": 400_000})
    assert memory.get_available_memory() == 600_000

    groups([f"0::{place}"], {"v2/memory.max": "max"})
    assert memory.get_available_memory() == MUCH


@pytest.mark.parametrize("limited", ["system.slice", "system.slice/job.scope"])
def test_so_do_limits_between_the_root_and_the_process(groups, limited):
    files = {
        "v2/system.slice/memory.max": "max",
        "v2/system.slice/job.scope/memory.max": "max",
        f"v2/{limited}/memory.max": 5_000,
        f"v2/{limited}/memory.current": 1_000,
    }
    groups(["0::/system.slice/job.scope"], files)

    assert memory.get_available_memory() == 4_000


def test_so_does_the_size_above_which_a_group_is_slowed_down(groups):
    files = {"memory.max": 9_000, "memory.high": 5_000, "memory.current": 1_000}
    groups(["0::/a"], {f"v2/a/{name}": value for name, value in files.items()})

    assert memory.get_available_memory() == 4_000


def test_so_do_limits_of_version_1_as_slurm_sets_them(groups):
    folder = "v1/slurm/uid_1/job_2/step_0"
    files = {
        f"{folder}/memory.limit_in_bytes": 2**62,  # None.
        f"{folder}/memory.usage_in_bytes": 3_000,
        "v1/slurm/uid_1/job_2/memory.limit_in_bytes": 8_000,
        "v1/slurm/uid_1/job_2/memory.usage_in_bytes": 3_000,
    }
    groups(
        ["4:cpu,cpuacct:/slurm", f"9:hugetlb,memory:/{folder[3:]}", "0::/"], files
    )  # fmt: skip

    assert memory.get_available_memory() == 5_000


def test_files_that_were_read_make_room(groups):
    files = {
        "v2/memory.max": 8_000,
        "v2/memory.current": 7_000,
        "v2/memory.stat": "anon 900\nfile 6000\ninactive_file 5500\nactive_file 500",
    }
    groups(["0::/"], files)

    assert memory.get_available_memory() == 6_500


def test_what_is_used_up_is_nothing_and_not_less(groups):
    groups(["0::/"], {"v2/memory.max": 8_000, "v2/memory.current": 9_000})

    assert memory.get_available_memory() == 0


@pytest.mark.parametrize("kind", ["RLIMIT_AS", "RLIMIT_DATA"])
def test_the_limits_of_the_process_itself_count(kind):
    code = (
        "import resource\n"
        "from fast_style.io.memory import get_available_memory\n"
        "before = get_available_memory()\n"
        "limit = 2**29\n"
        f"resource.setrlimit(resource.{kind}, (limit, limit))\n"
        "left = get_available_memory()\n"
        "assert left < min(limit, before), (left, before)\n"
        "block = bytearray(left - 2**24)  # There is room for it,\n"
        "try:\n"
        "    more = bytearray(2**25)  # and for no more.\n"
        "except MemoryError:\n"
        "    print('full')\n"
    )

    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert process.stdout == "full\n"


def test_where_nothing_is_known_it_is_guessed(groups, tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_read_meminfo", lambda: None)

    assert memory.get_available_memory() > 2**26
