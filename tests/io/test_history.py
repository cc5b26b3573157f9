import csv

import pytest

from fast_style.io.history import read_history
from fast_style.io.history import write_history

ROWS = [
    {"step": 1, "loss": 0.1 + 0.2, "rate": 1e-12},
    {"step": 200, "loss": 3.0, "rate": 0.0},
]


def test_comes_back_to_the_last_digit(tmp_path):
    write_history(ROWS, tmp_path / "history.csv", ("step", "loss", "rate"))

    rows = read_history(tmp_path / "history.csv")
    assert rows == ROWS
    assert isinstance(rows[0]["step"], int)


def test_is_a_csv_with_the_columns_in_their_order(tmp_path):
    write_history(ROWS, tmp_path / "history.csv", ("rate", "step", "loss"))

    with open(tmp_path / "history.csv", newline="") as file:
        header, first, _ = csv.reader(file)
    assert header == ["rate", "step", "loss"]
    assert [float(text) for text in first] == [1e-12, 1, 0.1 + 0.2]


def test_an_absent_file_has_no_rows(tmp_path):
    assert read_history(tmp_path / "history.csv") == []


def test_a_row_with_an_unnamed_column_leaves_the_old_file(tmp_path):
    path = tmp_path / "history.csv"
    write_history(ROWS, path, ("step", "loss", "rate"))

    with pytest.raises(ValueError, match="rate"):
        write_history(ROWS, path, ("step", "loss"))

    assert read_history(path) == ROWS
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["step,loss\n1,much\n", "step,loss\n1\n"])
def test_a_damaged_file_is_named(tmp_path, text):
    path = tmp_path / "history.csv"
    path.write_text(text)

    with pytest.raises(ValueError, match=r"history\.csv' is damaged"):
        read_history(path)
