import os
import threading

import numpy as np
import pytest
import threadpoolctl

from fast_style.io.cores import count_cores
from fast_style.io.cores import work_on_cores


def test_there_is_one_at_least():
    assert 1 <= count_cores() <= os.cpu_count()


def test_systems_that_cannot_tell_have_all(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)

    assert count_cores() == os.cpu_count()


class TestWorkOnCores:
    def test_all_cores_work_at_a_time(self):
        # Each waits for all others, so fewer threads would break the barrier.
        barrier = threading.Barrier(count_cores())

        with work_on_cores() as threads:
            numbers = threads.map(lambda _: barrier.wait(600), range(count_cores()))

            assert sorted(numbers) == list(range(count_cores()))

    def test_a_product_has_one_thread_and_as_many_as_before_later(self):
        before = count_product_threads()

        with work_on_cores():
            assert set(count_product_threads()) == {1}

        assert count_product_threads() == before

    def test_one_caller_at_a_time(self):
        entered = threading.Event()

        def enter():
            with work_on_cores():
                entered.set()

        other = threading.Thread(target=enter)
        with work_on_cores():
            other.start()
            assert not entered.wait(0.2)
        other.join()

        assert entered.is_set()

    def test_an_error_ends_it(self):
        before = count_product_threads()

        with pytest.raises(np.linalg.LinAlgError), work_on_cores() as threads:
            list(threads.map(np.linalg.inv, [np.zeros((2, 2))]))

        assert count_product_threads() == before
        with work_on_cores() as threads:
            assert list(threads.map(abs, [-1])) == [1]


def count_product_threads():
    found = threadpoolctl.threadpool_info()
    return [each["num_threads"] for each in found if each["user_api"] == "blas"]
