"""What the processor can compute in, by itself."""

import functools
import pathlib

_CPU_INFO = pathlib.Path("/proc/cpuinfo")
# Of Linux. With AVX-512 alone bfloat16 is emulated, and no faster.
_FLAGS = frozenset({"amx_bf16", "avx512_bf16"})


@functools.cache
def has_bfloat16() -> bool:
    """Returns whether the processor multiplies numbers in bfloat16.

    Where nothing tells, as on systems other than Linux, it is taken not to.
    """
    return bool(_FLAGS & _read_flags())


def _read_flags():
    try:
        lines = _CPU_INFO.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip() == "flags":
            return frozenset(value.split())
    return frozenset()
