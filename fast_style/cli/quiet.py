"""TensorFlow's first import by a command, without the lines that it prints.

They tell of CUDA libraries that are not there and the like. No environment variable
silences them, as they come before TensorFlow has read any.
"""

import contextlib
import importlib
import importlib.util
import os
import subprocess
import sys

# C++ lines of level I, W and E, in both of TensorFlow's forms. A process of its own
# holds them back, so that they are not lost if TensorFlow ends ours, as it does on a
# CPU that is too old. It forgets them when told that all went well.
_FILTER = r"""
import re
import sys

end = b"all went well\n"
kinds = (rb"WARNING: All log messages before absl::InitializeLog",
         rb"[IWE]\d{4} \d\d:\d\d:\d\d",
         rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] ",
         rb"To enable the following instructions: ",
         rb"INFO: Created TensorFlow Lite XNNPACK delegate")
held = []
for line in sys.stdin.buffer:
    if line.endswith(end):
        sys.stderr.buffer.write(line[: -len(end)])
        sys.exit()
    if re.match(rb"|".join(kinds), line):
        held.append(line)
    else:
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()
sys.stderr.buffer.write(b"".join(held))
"""


def load_tensorflow(*, shows_lines: bool = False) -> None:
    """Imports TensorFlow and looks for GPUs, without its start-up lines.

    Without TensorFlow it does nothing: training can do without.

    Args:
        shows_lines: Whether the lines are shown all the same.
    """
    if "tensorflow" in sys.modules or not importlib.util.find_spec("tensorflow"):
        return
    with contextlib.nullcontext() if shows_lines else startup_lines_held():
        tensorflow = importlib.import_module("tensorflow")
        # Looks for CUDA, which has lines of its own. Logical devices would be too much:
        # several workers must meet before them.
        tensorflow.config.list_physical_devices()


@contextlib.contextmanager
def startup_lines_held():
    """Holds back what C++ code logs on stderr; shows it if the block fails.

    All other lines pass.
    """
    if sys.stderr is None:  # Closed by the caller: there is nothing to keep clean.
        yield
        return
    sys.stderr.flush()
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _FILTER],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us.
        )
        stderr = os.dup(2)
    except OSError:
        yield
        return
    os.dup2(process.stdin.fileno(), 2)
    went_well = False
    try:
        yield
        went_well = True
    except KeyboardInterrupt:
        went_well = True
        raise
    finally:
        sys.stderr.flush()
        os.dup2(stderr, 2)
        os.close(stderr)
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            process.communicate(b"all went well\n" if went_well else b"", timeout=5)
