"""Which machine a figure was measured on."""

import os
import pathlib
import platform
import time


def describe_machine():
    """Returns a dict with the CPU, how many of its cores may be used, and the date."""
    cpu = platform.processor()
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text().splitlines()
        cpu = next(x.split(": ")[1] for x in lines if x.startswith("model name"))
    return {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "date": time.strftime("%Y-%m-%d"),
    }
