"""How much memory there is."""

import os
import pathlib

try:
    import resource
except ImportError:  # Windows has no such limits.
    resource = None

_IF_UNKNOWN = 4 * 2**30
_PROCESS = pathlib.Path("/proc/self")
# Where cgroups are mounted: version 2 alone, beside version 1, and version 1.
_V2_MOUNTS = (pathlib.Path("/sys/fs/cgroup"), pathlib.Path("/sys/fs/cgroup/unified"))
_V1_MOUNT = pathlib.Path("/sys/fs/cgroup/memory")


def get_available_memory() -> int:
    """Returns the bytes of memory that a process may still take.

    The least of Linux' own count, of the limits of all control groups that the process
    is in (containers, systemd, Slurm), and of the process's own limits (`ulimit -v`);
    where none of these is known half of the machine's memory.
    """
    amounts = [_read_meminfo(), *_read_control_groups(), *_read_own_limits()]
    known = [amount for amount in amounts if amount is not None]
    return max(min(known), 0) if known else _guess()


def _read_meminfo():
    try:
        lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _read_control_groups():
    """Yields what is left in each control group from the process's own to the root."""
    try:
        lines = (_PROCESS / "cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, place = line.split(":", 2)
        if not controllers:
            for mount in _V2_MOUNTS:
                for folder in _list_groups(mount, place):
                    yield _read_v2(folder)
        elif "memory" in controllers.split(","):
            for folder in _list_groups(_V1_MOUNT, place):
                yield _read_v1(folder)


def _list_groups(mount, place):
    # In a container the place may be named as it is outside; its own is the root then.
    folder = mount / place.lstrip("/")
    return [
        mount,
        *(each for each in (folder, *folder.parents) if mount in each.parents),
    ]


def _read_v2(folder):
    limits = [_read_number(folder / f"memory.{name}") for name in ("max", "high")]
    known = [limit for limit in limits if limit is not None]
    if not known:
        return None
    return _subtract(min(known), folder, "memory.current", "inactive_file")


def _read_v1(folder):
    limit = _read_number(folder / "memory.limit_in_bytes")
    if limit is None:
        return None
    return _subtract(limit, folder, "memory.usage_in_bytes", "total_inactive_file")


def _subtract(limit, folder, usage_file, reclaimable):
    usage = _read_number(folder / usage_file)
    if usage is None:
        return None
    # Files that were read count as used, and make room for whoever needs it.
    return min(
        limit - usage + _read_statistic(folder / "memory.stat", reclaimable), limit
    )


def _read_number(path):
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # There is none, or it is "max".
        return None


def _read_statistic(path, name):
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.split()[0] == name)


def _read_own_limits():
    """Yields what is left of the address space and of the data of this process."""
    if resource is None:
        return
    try:
        pages = [int(n) for n in (_PROCESS / "statm").read_text().split()]
    except OSError:
        return
    page = os.sysconf("SC_PAGE_SIZE")
    for kind, used in (
        (resource.RLIMIT_AS, pages[0]),
        (resource.RLIMIT_DATA, pages[5]),
    ):
        limit, _ = resource.getrlimit(kind)
        if limit != resource.RLIM_INFINITY:
            yield limit - used * page


def _guess():
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, OSError, ValueError):  # Not on Windows.
        return _IF_UNKNOWN
