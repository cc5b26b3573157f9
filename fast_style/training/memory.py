"""How the process deals with memory while it trains."""

import ctypes
import sys

# Of glibc's malloc.h.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
# The larger the better; before version 2.35 glibc refuses more than 32 MiB.
_THRESHOLDS = (2**30, 2**25)


def keep_freed_memory() -> bool:
    """Lets the process keep memory that it frees, for what it needs next.

    By default glibc gives each large tensor's memory back to Linux, which clears it
    for the next tensor: on a CPU a sixth of a training's time. Concerns the whole
    process, and is done where the C library is glibc.

    Returns:
        Whether it is done.
    """
    if sys.platform != "linux":
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except AttributeError:  # Another C library, such as musl.
        return False
    if not any(set_option(_M_MMAP_THRESHOLD, size) for size in _THRESHOLDS):
        return False  # Alone, the next option would make things worse.
    return bool(set_option(_M_TRIM_THRESHOLD, _THRESHOLDS[0]))
