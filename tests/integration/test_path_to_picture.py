"""From a folder of photos to a stylized picture, by the commands of the README."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import numpy as np
from PIL import Image
import pytest

import fast_style

ROOT = pathlib.Path(fast_style.__file__).parent.parent


def run(*arguments, cwd=None, path=ROOT):
    environment = {**os.environ, "PYTHONPATH": str(path)}
    process = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.mark.slow
def test_train_export_stylize(photo_path, tmp_path):
    with Image.open(photo_path) as photo:
        photo.resize((641, 338)).save(tmp_path / "photo.jpg")

    run(
        ROOT / "train.py", f"--config={ROOT / 'configs' / 'smoke.py'}",
        "--workdir=W", cwd=tmp_path,
    )  # fmt: skip
    printed = run(ROOT / "export.py", "--style=W", "--output=E", cwd=tmp_path)
    run(
        "-m", "fast_style.cli", "stylize", "photo.jpg", "--style=E",
        "--output=out.png", cwd=tmp_path,
    )  # fmt: skip

    assert re.search(r"\nsaved_model +float32 +[\d.]+ MB +[01] ", printed)
    with Image.open(tmp_path / "out.png") as stylized:
        assert stylized.size == (641, 338)
        assert stylized.mode == "RGB"


@pytest.mark.slow
@pytest.mark.data
def test_real_photos_painting_and_weights(photo_path, tmp_path):
    run(
        ROOT / "train.py", f"--config={ROOT / 'configs' / 'starry_night.py'}",
        f"--workdir={tmp_path / 'run'}", "--config.num_steps=8",
        "--config.log_every_steps=8", "--config.sample_every_steps=8",
        "--config.coco_categories=('person', 'bear')", "--config.warmup_steps=0",
        cwd=ROOT,
    )  # fmt: skip

    stylized = fast_style.stylize(photo_path, style=tmp_path / "run")

    # Eight steps already bring the painting's blue: its mean is (90, 110, 110).
    red, _, blue = np.asarray(stylized).reshape(-1, 3).mean(axis=0)
    assert blue > red


@pytest.mark.slow
def test_the_wheel_holds_everything_and_works_elsewhere(tmp_path):
    # A copy, as an old `build/` in the repository would be taken into the wheel.
    source, installed = tmp_path / "source", tmp_path / "installed"
    for folder in ("fast_style", "configs"):
        shutil.copytree(ROOT / folder, source / folder)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, source)
    (wheel,) = tmp_path.glob("*.whl")

    run("-m", "pip", "install", "--quiet", "--no-deps", "--target", installed, wheel)

    for folder, inside in (
        (source / "fast_style", ""),
        (source / "configs", "configs"),
    ):
        for path in folder.rglob("*.*"):
            if "__pycache__" not in path.parts:
                relative = path.relative_to(folder)
                assert (installed / "fast_style" / inside / relative).is_file()
    assert list(installed.glob("*.dist-info/**/LICENSE"))
    printed = run(
        "-c",
        "import fast_style; from fast_style.config.config_files import read_config;"
        "print(fast_style.__file__, fast_style.__version__, fast_style.list_styles());"
        "print(read_config('smoke', []).style_image)",
        cwd=tmp_path,
        path=installed,
    )
    assert printed.count(str(installed)) == 2
    assert fast_style.__version__ in printed
    assert "starry_night" in printed
