import sys

import pytest

from fast_style.io import memory


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux' own count")
def test_is_no_more_than_the_machine_has():
    import os

    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

    assert 2**26 < memory.get_available_memory() <= total


def test_the_limit_of_a_container_counts(tmp_path, monkeypatch):
    (tmp_path / "max").write_text("1000000\n")
    (tmp_path / "current").write_text("400000\n")
    paths = (str(tmp_path / "max"), str(tmp_path / "current"))
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", (paths,))

    assert memory.get_available_memory() == 600_000

    (tmp_path / "max").write_text("max\n")
    assert memory.get_available_memory() > 600_000


def test_where_nothing_is_known_it_is_guessed(monkeypatch):
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", ())
    monkeypatch.setattr(memory, "_read_meminfo", lambda: None)

    assert memory.get_available_memory() > 2**26
