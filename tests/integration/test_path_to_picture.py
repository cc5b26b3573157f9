"""From a folder of photos to a stylized picture, by the commands of the README."""

import os
import pathlib
import subprocess
import sys
import zipfile

import numpy as np
from PIL import Image
import pytest

import fast_style

ROOT = pathlib.Path(fast_style.__file__).parent.parent


def run(*arguments, cwd):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
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
    printed = run(ROOT / "export.py", "--run=W", "--output=E", cwd=tmp_path)
    run(
        "-m", "fast_style.cli", "stylize", "photo.jpg", "--style=E",
        "--output=out.png", cwd=tmp_path,
    )  # fmt: skip

    assert "largest difference from the Keras model: 0" in printed or "1 of" in printed
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
def test_the_wheel_holds_everything(tmp_path):
    run(
        "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT,
        cwd=tmp_path,
    )  # fmt: skip

    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for path in [*ROOT.glob("configs/*.py"), *ROOT.glob("fast_style/**/*.*")]:
        inside = path.relative_to(ROOT)
        if inside.parts[0] == "configs":
            inside = "fast_style" / inside
        if "__pycache__" not in inside.parts:
            assert str(inside) in names
    assert any(name.endswith("/LICENSE") for name in names)
