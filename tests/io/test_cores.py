import os

from fast_style.io.cores import count_cores


def test_there_is_one_at_least():
    assert 1 <= count_cores() <= os.cpu_count()


def test_systems_that_cannot_tell_have_all(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)

    assert count_cores() == os.cpu_count()
