"""What the programs begin with that load an export in a process of their own."""

# `cases` are the questions: dict from name to the tensors of the call, such as `image`.
# Nothing of fast_style helps to answer them.
READ_CASES = """
import os
import sys
import numpy as np
# No reports to the makers of the engines, as in `telemetry.py`.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
sys.modules["openvino_telemetry"] = None
cases = {}
with np.load(sys.argv[2]) as given:
    for key in given.files:
        name, _, tensor = key.partition("|")
        cases.setdefault(name, {})[tensor or "image"] = given[key]
"""
