import json
import re

import pytest


@pytest.mark.slow
def test_prints_the_difference(run, trained_run, tmp_path, capsys):
    code = run("export", "--style", trained_run, "--output", tmp_path / "export")

    assert code == 0
    output = capsys.readouterr().out
    assert f"Exported: {tmp_path / 'export'}" in output
    assert re.search(
        r"saved_model +float32 +\d\.\d MB +[01] +0\.\d\d \d+\.\d dB", output
    )
    assert (tmp_path / "export" / "saved_model.pb").is_file()


@pytest.mark.slow
def test_several_formats_get_a_folder_together(run, trained_run, tmp_path, capsys):
    folder = tmp_path / "exports"

    code = run(
        "export", "--style", trained_run, "--output", folder,
        "--formats=onnx,openvino,litert", "--precision=float16",
    )  # fmt: skip

    assert code == 0
    names = ["openvino", "parity.json", "smoke.onnx", "smoke.tflite"]
    assert sorted(path.name for path in folder.iterdir()) == names
    parity = json.loads((folder / "parity.json").read_text())
    assert list(parity) == ["onnx", "openvino", "litert"]
    assert all(each["psnr"] > 45 for each in parity.values())
    assert capsys.readouterr().out.count("float16") == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--formats=onnx,pdf"], "`format` must be one of keras, saved_model"),
        (["--formats=onnx,litert", "--precision=bfloat16"], "`precision` must be one"),
        (["--formats=litert", "--precision=int8", "--calibration=x"], "`calibration` "),
        (["--formats=onnx", "--size=0x5"], "`size` must be a height and a width"),
    ],
)
def test_what_a_format_cannot_do_is_said_at_once(
    run, trained_run, tmp_path, capsys, words, message, monkeypatch
):
    monkeypatch.setattr("fast_style.cli.commands.export.load_tensorflow", None)

    code = run("export", "--style", trained_run, "--output", tmp_path / "a", *words)

    assert code == 1
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", ["640", "axb", "1x2x3"])
def test_a_size_that_is_none_is_refused(run, size, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("export", "--style=a", "--output=b", f"--size={size}")

    assert "invalid parse_size value" in capsys.readouterr().err


def test_nothing_to_export_is_one_line(run, tmp_path, capsys):
    assert run("export", "--style", tmp_path, "--output", tmp_path / "export") == 1

    error = capsys.readouterr().err
    assert "`style` must be" in error
    assert error.count("\n") == 1


def test_an_empty_style_is_refused(run, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("export", "--style=", "--output=x")

    assert "`--style` must be a path. Received" in capsys.readouterr().err
