import argparse

import pytest

from fast_style.cli.arguments import add_path
from fast_style.cli.arguments import parse_bytes
from fast_style.cli.arguments import parse_mixture
from fast_style.cli.arguments import parse_names
from fast_style.cli.arguments import parse_size
from fast_style.cli.arguments import parse_tile
from fast_style.cli.arguments import Parser


def make_parser():
    parser = Parser("program")
    parser.add_argument("--config.style_weight")
    parser.add_argument("--workdir")
    parser.add_argument("--hidden", help=argparse.SUPPRESS)
    return parser


def test_there_are_no_abbreviations():
    _, others = make_parser().parse_known_args(["--work=runs"])

    assert others == ["--work=runs"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--wokrdir=runs"], "--wokrdir=runs. Did you mean --workdir?"),
        (["--style_weight", "3"], "--style_weight 3. Did you mean --config.style_wei"),
        (["--hiden"], "unrecognized arguments: --hiden\n"),
        (["photo.jpg"], "unrecognized arguments: photo.jpg\n"),
    ],
)
def test_unknown_options_are_answered_with_the_nearest(words, message, capsys):
    with pytest.raises(SystemExit, match="2"):
        make_parser().refuse(words)

    error = capsys.readouterr().err
    assert error.startswith("program: unrecognized arguments: ")
    assert message in error


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_path_is_refused_by_name(text, capsys):
    parser = Parser("program")
    add_path(parser, "--output", "--out")

    with pytest.raises(SystemExit, match="2"):
        parser.parse_args([f"--out={text}"])

    expected = f"program: `--output` must be a path. Received: --output={text!r}\n"
    assert capsys.readouterr().err == expected


def test_a_path_is_kept_as_it_is():
    parser = Parser("program")
    add_path(parser, "--output", default="demo")
    add_path(parser, "inputs", nargs="+")

    arguments = parser.parse_args(["a b.png", "./c", "--output=out/"])

    assert arguments.inputs == ["a b.png", "./c"]
    assert arguments.output == "out/"


class TestParseBytes:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1000000", 10**6), ("500MB", 5 * 10**8), ("2GiB", 2**31), ("1.5 kB", 1500),
            ("3G", 3 * 10**9), ("auto", "auto"),
        ],
    )  # fmt: skip
    def test_reads_what_people_write(self, text, number):
        assert parse_bytes(text) == number

    @pytest.mark.parametrize("text", ["", "much", "-1", "2XB", "GiB"])
    def test_refuses_the_rest(self, text):
        with pytest.raises(ValueError, match="Expected bytes, such as 2GiB"):
            parse_bytes(text)


@pytest.mark.parametrize(
    ("text", "tile"), [("auto", "auto"), ("none", None), ("64", 64)]
)
def test_reads_the_rows_of_a_strip(text, tile):
    assert parse_tile(text) == tile


def test_names_come_in_their_order_and_once():
    assert parse_names("onnx, litert,onnx") == ["onnx", "litert"]
    with pytest.raises(ValueError, match="names with commas between"):
        parse_names("onnx,,litert")


def test_a_size_is_height_and_width():
    assert parse_size("480x640") == (480, 640)
    with pytest.raises(ValueError, match="Expected HxW, such as 480x640"):
        parse_size("480")


@pytest.mark.parametrize(
    ("text", "mixture"),
    [
        ("wave:1", {"wave": 1.0}),
        ("wave:0.7, night:.3", {"wave": 0.7, "night": 0.3}),
        ("wave:where.png,night:1", {"wave": "where.png", "night": 1.0}),
        (r"C:\a.jpg:0.7,d/b.jpg:1", {r"C:\a.jpg": 0.7, "d/b.jpg": 1.0}),
        (r"wave:C:\where.png", {"wave": r"C:\where.png"}),
    ],
)
def test_a_mixture_is_names_and_weights(text, mixture):
    assert parse_mixture(text) == mixture


@pytest.mark.parametrize("text", ["", "wave", "wave:", ":1", "wave:1,wave:2", "a:1,"])
def test_what_is_no_mixture_is_an_error(text):
    with pytest.raises(ValueError, match="Expected NAME:WEIGHT"):
        parse_mixture(text)
