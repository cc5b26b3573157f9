"""What the programs begin with that load an export in a process of their own."""

# `cases` are the questions: dict from name to the tensors of the call, such as `image`.
# Nothing of fast_style helps to answer them.
READ_CASES = """
import sys
import numpy as np
cases = {}
with np.load(sys.argv[2]) as given:
    for key in given.files:
        name, _, tensor = key.partition("|")
        cases.setdefault(name, {})[tensor or "image"] = given[key]
"""
