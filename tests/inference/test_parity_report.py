import json

import pytest

from fast_style.inference.parity_report import write_report


def test_infinity_becomes_null(tmp_path):
    write_report(tmp_path / "parity.json", {"a": {"psnr": float("inf"), "n": 1}})

    text = (tmp_path / "parity.json").read_text()
    assert json.loads(text) == {"a": {"psnr": None, "n": 1}}


def test_what_is_no_number_is_an_error_and_leaves_the_old_one(tmp_path):
    path = tmp_path / "parity.json"
    path.write_text("old")

    with pytest.raises(ValueError, match="JSON"):
        write_report(path, {"psnr": float("nan")})

    assert path.read_text() == "old"
