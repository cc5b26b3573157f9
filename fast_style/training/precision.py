"""Chooses the precision of a training: what `precision="auto"` stands for."""

import os
import pathlib

import keras

# Major compute capability of NVIDIA's GPUs: Ampere.
_LEAST_CAPABILITY = 8
HALF = "mixed_bfloat16"
_CPU_FLAGS = {"avx512_bf16", "amx_bf16"}


def choose_precision(
    precision: str, *, cpu_info: str | os.PathLike = "/proc/cpuinfo"
) -> str:
    """Returns the Keras dtype policy that a config's `precision` stands for.

    Args:
        precision: `auto`, or a policy, which is returned unchanged. `auto` is
            `mixed_bfloat16` where the device multiplies bfloat16 in hardware, and
            `float32` elsewhere, as emulation takes six times as long.
        cpu_info: As in `cpu_has_bfloat16`.

    Returns:
        `float32` or `mixed_bfloat16`.
    """
    if precision != "auto":
        return precision
    return HALF if _has_bfloat16(cpu_info) else "float32"


def _has_bfloat16(cpu_info):
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
        majors = [x.get("compute_capability", (0, 0))[0] for x in details]
        if majors:
            return min(majors) >= _LEAST_CAPABILITY
        return cpu_has_bfloat16(cpu_info)
    if keras.backend.backend() == "jax":
        import jax

        device = jax.local_devices()[0]
        # A number for NVIDIA's GPUs, a name for AMD's, and CPUs have none.
        major = str(getattr(device, "compute_capability", "")).partition(".")[0]
        return device.platform == "tpu" or (
            major.isdigit() and int(major) >= _LEAST_CAPABILITY
        )
    return False


def cpu_has_bfloat16(cpu_info: str | os.PathLike = "/proc/cpuinfo") -> bool:
    """Returns whether the CPU multiplies bfloat16 in hardware.

    Args:
        cpu_info: Linux' description of the CPU. Other systems have none, and the
            answer is no.
    """
    path = pathlib.Path(cpu_info)
    lines = path.read_text().splitlines() if path.is_file() else []
    flags = [line.split(":")[1].split() for line in lines if line.startswith("flags")]
    return bool(flags) and bool(_CPU_FLAGS.intersection(flags[0]))
