import os
import re
import subprocess
import sys

import pytest

from fast_style.io.images import load_image

DEMO = """
import sys
sys.modules.update(dict.fromkeys(["jinja2", "matplotlib", "scipy", "tensorboard"]))
from fast_style.cli.logs import show_log
from fast_style.cli.quiet import load_tensorflow
from fast_style.config.config_files import read_config

load_tensorflow()
from fast_style.cli import demo

show_log(only_progress=True)
names = demo.list_styles()[:2]  # For time.
demo.list_styles = lambda: names
demo.run_demo(read_config("smoke", []), sys.argv[1])
"""


@pytest.mark.slow
def test_shows_results_and_progress_and_nothing_else(tmp_path):
    """Without the packages of the extra `report` too."""
    process = subprocess.run(
        [sys.executable, "-c", DEMO, "demo"],
        cwd=tmp_path,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.returncode == 0, process.stderr
    lines = process.stdout.splitlines()
    assert [line[:7] for line in lines if line[0] != " "] == [
        "1 of 3:", "2 of 3:", "3 of 3:", "Done. A",
    ]  # fmt: skip
    assert len([line for line in lines if line[0] == " "]) == 4 + 1 + 2
    assert "RANDOM weights" in process.stdout
    assert re.search("differs from the original by [01] of 255", process.stdout)
    shown = process.stderr.splitlines()
    assert [line.partition(":")[0] for line in shown] == [
        "  Step 1 of 2", "  Step 2 of 2",
    ]  # fmt: skip

    folder = tmp_path / "demo"
    assert (folder / "saved_model" / "saved_model.pb").is_file()
    sheet = load_image(folder / "contact_sheet.png")
    num_rows = 4 + 1  # One of each collection, too.
    assert sheet.shape[0] == 320 * num_rows + 4 * (num_rows - 1)
    assert sheet.shape[1] > 2 * 480
