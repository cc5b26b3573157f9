"""How much memory there is."""

import os
import pathlib

_CONTROL_GROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)
_IF_UNKNOWN = 4 * 2**30


def get_available_memory() -> int:
    """Returns the bytes of memory that a process may still take.

    Of Linux' own count and the limits of a container the least; elsewhere half of the
    machine's memory.
    """
    amounts = [_read_meminfo(), *map(_read_control_group, _CONTROL_GROUPS)]
    known = [amount for amount in amounts if amount is not None]
    return min(known) if known else _guess()


def _read_meminfo():
    try:
        lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _read_control_group(paths):
    try:
        limit, usage = (int(pathlib.Path(path).read_text()) for path in paths)
    except (OSError, ValueError):  # There is none, or its limit is "max".
        return None
    return max(limit - usage, 0)


def _guess():
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, OSError, ValueError):  # Not on Windows.
        return _IF_UNKNOWN
