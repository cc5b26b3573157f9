"""How many cores there are, and NumPy on all of them."""

import concurrent.futures
import contextlib
import functools
import os
import threading

import threadpoolctl

# Of two at a time, one would put back what the other had set.
_ONE_CALLER = threading.Lock()


def count_cores() -> int:
    """Returns the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux, where a container may have fewer.
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def work_on_cores():
    """Gives a `ThreadPoolExecutor` of a thread per core, for work in NumPy.

    Meanwhile a product of matrices runs in the thread that asks for it. Threads of
    its own would wait for each other at each one, which takes several times as long as
    soon as another process is busy. One caller at a time, as that is set for the whole
    process.
    """
    with (
        _ONE_CALLER,
        _find_libraries().limit(limits=1, user_api="blas"),
        concurrent.futures.ThreadPoolExecutor(count_cores()) as threads,
    ):
        yield threads


@functools.cache
def _find_libraries():
    return threadpoolctl.ThreadpoolController()
