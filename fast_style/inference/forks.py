"""What a forked process cannot do: compute with a TensorFlow that had begun before.

Web servers that load an application before they fork (`gunicorn --preload`), and
`multiprocessing` on Linux before Python 3.14, fork a process with its memory, but
without its threads. TensorFlow would wait for them for ever.
"""

import os
import sys


class _State:
    is_lost = False


def _has_begun():
    context = sys.modules.get("tensorflow.python.eager.context")
    # None before the first computation. TensorFlow has no public way to ask.
    return getattr(getattr(context, "_context", None), "_initialized", False)


def _note_fork():
    _State.is_lost = _State.is_lost or bool(_has_begun())


if hasattr(os, "register_at_fork"):  # Not on Windows, which does not fork.
    os.register_at_fork(after_in_child=_note_fork)


def check_tensorflow() -> None:
    """Checks that TensorFlow can compute in this process, before it is asked to.

    Raises:
        RuntimeError: If the process was forked when TensorFlow had begun to compute.
    """
    if _State.is_lost:
        raise RuntimeError(
            "TensorFlow cannot compute in this process, which was forked when "
            "TensorFlow had begun, and would wait for ever. Load the style after the "
            "fork (gunicorn without `--preload`, the start method `spawn` of "
            "multiprocessing), or use an engine that does without TensorFlow: "
            "openvino or onnxruntime."
        )
