"""Rows of numbers, such as the losses of each step, as CSV files."""

import csv
import pathlib

from fast_style.io.files import replacing


def write_history(rows, path, columns) -> None:
    """Writes rows, dicts from column to number, into a CSV."""
    with replacing(path) as temporary, open(temporary, "w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def read_history(path) -> list[dict[str, float]]:
    """Reads a `history.csv`; an absent file has no rows."""
    if not pathlib.Path(path).is_file():
        return []
    with open(path, newline="") as file:
        return [
            {k: int(v) if k == "step" else float(v) for k, v in row.items()}
            for row in csv.DictReader(file)
        ]
