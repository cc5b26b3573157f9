"""Rows of numbers, such as the losses of each step, as CSV files."""

import csv
import os
import pathlib

from fast_style.io.files import replacing


def write_history(rows, path: str | os.PathLike, columns) -> None:
    """Writes rows of numbers into a CSV file, whole or not at all.

    Args:
        rows: Dicts from column to number.
        path: Of the file; its folder must exist.
        columns: Names of the columns, in their order.

    Raises:
        ValueError: If `path` is empty, or a row has a column that is not named.
    """
    with (
        replacing(path) as temporary,
        open(temporary, "w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def read_history(path: str | os.PathLike) -> list[dict[str, float]]:
    """Reads what `write_history` wrote.

    Args:
        path: Of the file.

    Returns:
        Dicts from column to number, an int in the column `step`, else floats. No rows
        if there is no file.

    Raises:
        ValueError: If there is something else than numbers in it.
    """
    if not pathlib.Path(path).is_file():
        return []
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return [
                {k: int(v) if k == "step" else float(v) for k, v in row.items()}
                for row in csv.DictReader(file)
            ]
    except (ValueError, TypeError, AttributeError, csv.Error) as error:
        raise ValueError(
            f"{os.fspath(path)!r} is damaged: its rows must hold numbers ({error})."
        ) from None
