"""Controls what the process does with freed memory while it trains."""

import ctypes
import sys

# Of glibc's malloc.h.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
# The larger the better; before version 2.35 glibc refuses more than 32 MiB.
_THRESHOLDS = (2**30, 2**25)


def keep_freed_memory() -> bool:
    """Lets the process keep freed memory for the next tensors.

    By default glibc returns the memory of each large tensor to Linux, which clears it
    for the next tensor: on a CPU this is a sixth of a training's time. The setting
    concerns the whole process; it needs glibc.

    Returns:
        Whether the setting was made.
    """
    if sys.platform != "linux":
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except AttributeError:  # Another C library, such as musl.
        return False
    if not any(set_option(_M_MMAP_THRESHOLD, size) for size in _THRESHOLDS):
        return False  # The next option alone would make things worse.
    return bool(set_option(_M_TRIM_THRESHOLD, _THRESHOLDS[0]))
