"""How the process deals with memory while it trains."""

import ctypes
import sys

# Of glibc's malloc.h.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_LARGE = 2**30


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
    options = (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD)
    return all([set_option(option, _LARGE) == 1 for option in options])
