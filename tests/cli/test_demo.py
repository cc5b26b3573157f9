import pytest

from fast_style import demo
from fast_style.cli.demo import run_demo
from fast_style.config.config_files import read_config
from fast_style.io.images import load_image
from fast_style.models.catalog import list_styles


@pytest.mark.slow
def test_leaves_a_contact_sheet_with_a_row_for_each_style(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(demo, "list_styles", lambda: list_styles()[:2])  # For time.
    sheet_path = run_demo(read_config("smoke", []), tmp_path / "demo")

    sheet = load_image(sheet_path)
    num_rows = 2 + 1
    assert sheet.shape[0] == 320 * num_rows + 4 * (num_rows - 1)
    assert sheet.shape[1] > 2 * 480
    printed = capsys.readouterr().out
    assert "RANDOM weights" in printed
    assert "Largest difference" in printed
    assert (tmp_path / "demo" / "saved_model" / "saved_model.pb").is_file()
