"""The registry of optimizers.

To add one, write a file beside this one with a class, as in `adam.py`, and add its name
here. Like every registry, this one imports nothing from the library, so that the checks
of a config can read it.
"""

# Name to module and class.
OPTIMIZERS = {"muon": ("muon", "Muon"), "adam": ("adam", "Adam")}
