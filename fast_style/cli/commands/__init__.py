"""The commands of `fast-style`, a module each.

Each has `add_parser`, which adds its arguments, and `run`. TensorFlow is imported when
a command runs, so that help and mistakes are answered at once.
"""
