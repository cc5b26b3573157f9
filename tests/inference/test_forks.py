import os
import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")

# A process forked by `ask` answers, or is ended by an alarm after so many seconds.
BEGIN = """
    import os, signal, sys
    import numpy as np
    import fast_style

    image = np.random.default_rng(0).integers(0, 256, (40, 50, 3), "uint8")

    def ask(work):
        read, write = os.pipe()
        number = os.fork()
        if number == 0:
            signal.alarm(60)
            try:
                answer = work()
            except Exception as error:
                answer = f"{type(error).__name__}: {error}"
            os.write(write, str(answer).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as file:
            answer = file.read()
        assert os.waitpid(number, 0)[1] == 0, "it was waiting for ever"
        return answer
"""


def run(code):
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(BEGIN + code)],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3_000:]
    return process.stdout


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime"])
def test_a_forked_process_loads_the_style_again(engine):
    pytest.importorskip(engine)
    run(f"""
    stylize = fast_style.load_style("the_scream", engine={engine!r})
    expected = stylize(image)
    loaded = stylize._loaded

    def work():
        same = bool((stylize(image) == expected).all())
        return same, stylize._loaded is loaded

    assert ask(work) == "(True, False)"
    assert stylize._loaded is loaded
    """)


def test_tensorflow_that_had_begun_is_an_error_and_no_endless_wait():
    run("""
    stylize = fast_style.load_style("the_scream", engine="tensorflow")

    for work in (
        lambda: stylize(image),
        lambda: fast_style.stylize(image, "the_scream", tile=16),
        lambda: fast_style.load_style("the_scream", engine="tensorflow"),
    ):
        answer = ask(work)
        assert answer.startswith("RuntimeError: TensorFlow cannot compute"), answer
        assert "after the fork" in answer
    """)


def test_one_that_had_not_begun_computes():
    run("""
    import tensorflow

    tensorflow.config.list_physical_devices()
    stylize = fast_style.load_style("the_scream")
    answer = ask(lambda: stylize(image, tile=16).shape)
    assert answer == "(40, 50, 3)", answer
    """)
