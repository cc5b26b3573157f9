"""How many cores there are."""

import os


def count_cores() -> int:
    """Returns the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux, where a container may have fewer.
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
