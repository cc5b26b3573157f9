"""Nothing is sent, and nothing is written outside our cache, by any engine."""

import os
import subprocess
import sys

import pytest

from fast_style.inference.engines.registry import ENGINES

# What Python runs first, in each process that the test starts: it notes which hosts are
# asked for and connected to.
WATCH = """
import os, socket

def note(name):
    plain = getattr(holder, name)
    def noting(*args, **kwargs):
        with open(os.environ["WATCHED_HOSTS"], "a") as file:
            print(name, args, file=file)
        return plain(*args, **kwargs)
    setattr(holder, name, noting)

for holder in (socket, socket.socket):
    for name in ("getaddrinfo", "gethostbyname", "create_connection", "connect",
                 "connect_ex", "sendto"):
        if name in vars(holder) or hasattr(holder, name):
            note(name)
"""
STYLIZE = """
import sys
import numpy as np
import fast_style

stylize = fast_style.load_style("the_scream", engine=sys.argv[1])
image = np.full((40, 50, 3), 90, "uint8")
assert stylize(image).shape == image.shape
if len(sys.argv) > 2:
    assert stylize(image, tile=int(sys.argv[2])).shape == image.shape
"""
# Of whoever runs the tests. In some of them OpenVINO, for one, reports nothing.
OTHERS = (
    "CI", "CODECOV", "CIRCLECI", "GITHUB", "GITLAB", "TRAVIS", "JENKINS", "XDG_",
    "KERAS_", "MPL", "ORT_", "FAST_STYLE_CACHE", "TF_BUILD",
)  # fmt: skip


@pytest.fixture
def watch(tmp_path):
    """Runs Python in a new home; returns files outside our cache, and hosts."""
    hosts = tmp_path / "hosts"
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "sitecustomize.py").write_text(WATCH)
    places = {name: tmp_path / name for name in ("home", "temporary", "work")}
    for folder in places.values():
        folder.mkdir()
    path = os.pathsep.join([str(tmp_path / "first"), *filter(None, sys.path)])
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(OTHERS)},
        "HOME": str(places["home"]),
        "TMPDIR": str(places["temporary"]),
        "PYTHONPATH": path,
        "WATCHED_HOSTS": str(hosts),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    cache = places["home"] / ".cache" / "fast_style"

    def watch(*words):
        process = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=places["work"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stderr[-3_000:]
        found = {
            str(path.relative_to(tmp_path))
            for folder in places.values()
            for path in folder.rglob("*")
            if path.is_file() and cache not in path.parents
        }
        return found, hosts.read_text() if hosts.is_file() else ""

    return watch


def test_the_watch_sees_a_file_and_a_host(watch):
    code = (
        "import pathlib, socket\n"
        "(pathlib.Path.home() / '.seen').touch()\n"
        "socket.getaddrinfo('localhost', 80)\n"
    )

    files, hosts = watch("-c", code)

    assert files == {"home/.seen"}
    assert "'localhost'" in hosts


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_sends_nothing_and_writes_into_our_cache_alone(engine, watch):
    for package in (*ENGINES[engine].packages, *ENGINES[engine].converter_packages):
        pytest.importorskip(package)

    assert watch("-c", STYLIZE, engine) == (set(), "")


def test_nor_do_strips(watch):
    pytest.importorskip("onnxruntime")

    assert watch("-c", STYLIZE, "onnxruntime", 16) == (set(), "")


def test_without_a_home_an_engine_works_and_leaves_nothing(watch):
    unknown = "import os\nos.environ.pop('HOME')\nos.getuid = lambda: 54_321\n"

    assert watch("-c", unknown + STYLIZE, "tensorflow") == (set(), "")


@pytest.mark.slow
def test_nor_do_exports_whose_checks_are_processes_of_their_own(watch):
    words = ["--style=the_scream", "--output=../out", "--precision=float32"]
    formats = "saved_model,onnx,openvino,litert"

    found = watch("-m", "fast_style.cli", "export", *words, f"--formats={formats}")

    assert found == (set(), "")


@pytest.mark.slow
def test_nor_does_a_training(watch):
    words = ["--config=smoke", "--workdir=../run"]

    assert watch("-m", "fast_style.cli", "train", *words) == (set(), "")


def test_what_was_imported_before_is_put_back():
    code = (
        "import sys, types\n"
        "sys.modules['openvino_telemetry'] = theirs = types.ModuleType('theirs')\n"
        "from fast_style.inference.telemetry import import_silent\n"
        "import_silent('json')\n"
        "assert sys.modules['openvino_telemetry'] is theirs\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
