import sys
import types

import keras
import pytest
import tensorflow as tf

from fast_style.training.precision import choose_precision
from fast_style.training.precision import cpu_has_bfloat16


def write_cpu_info(folder, flags):
    path = folder / "cpuinfo"
    cores = [f"processor\t: {core}\nflags\t\t: {flags}\n\n" for core in range(2)]
    path.write_text("".join(cores))
    return path


@pytest.fixture
def use_jax(monkeypatch):
    def use(**device):
        jax = types.SimpleNamespace(
            local_devices=lambda: [types.SimpleNamespace(**device)]
        )
        monkeypatch.setitem(sys.modules, "jax", jax)
        monkeypatch.setattr(keras.backend, "backend", lambda: "jax")

    return use


@pytest.fixture
def use_gpus(monkeypatch):
    def use(*capabilities):
        gpus = range(len(capabilities))
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
        monkeypatch.setattr(
            tf.config.experimental,
            "get_device_details",
            lambda gpu: {"compute_capability": capabilities[gpu]},
        )

    return use


class TestChoosePrecision:
    @pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
    def test_a_policy_is_what_it_says(self, policy):
        assert choose_precision(policy) == policy

    @pytest.mark.parametrize(
        ("flags", "expected"),
        [("avx2 avx512_bf16", "mixed_bfloat16"), ("avx2 fma", "float32")],
    )
    def test_auto_goes_by_the_cpu(self, use_gpus, tmp_path, flags, expected):
        use_gpus()
        cpu_info = write_cpu_info(tmp_path, flags)

        assert choose_precision("auto", cpu_info=cpu_info) == expected

    @pytest.mark.parametrize(
        ("capabilities", "expected"),
        [
            ([(7, 5)], "float32"),  # T4
            ([(8, 0)], "mixed_bfloat16"),  # A100
            ([(9, 0), (7, 0)], "float32"),  # An H100 beside a V100
        ],
    )
    def test_auto_goes_by_the_weakest_gpu(self, use_gpus, capabilities, expected):
        use_gpus(*capabilities)

        assert choose_precision("auto") == expected

    @pytest.mark.parametrize(
        ("device", "expected"),
        [
            ({"platform": "cpu"}, "float32"),
            ({"platform": "tpu"}, "mixed_bfloat16"),
            ({"platform": "gpu", "compute_capability": "7.5"}, "float32"),
            ({"platform": "gpu", "compute_capability": "10.0"}, "mixed_bfloat16"),
            ({"platform": "gpu", "compute_capability": "gfx90a"}, "float32"),
        ],
    )
    def test_auto_goes_by_the_device_of_jax(self, use_jax, device, expected):
        use_jax(**device)

        assert choose_precision("auto") == expected


class TestCpuHasBfloat16:
    @pytest.mark.parametrize(
        ("flags", "expected"),
        [
            ("fma avx2 avx512f avx512_bf16", True),  # Zen 4
            ("fma avx2 amx_bf16 amx_tile", True),  # Sapphire Rapids
            ("fma avx avx2 sse4_2", False),  # Zen 3
            ("", False),
        ],
    )
    def test_linux_says_so(self, tmp_path, flags, expected):
        path = write_cpu_info(tmp_path, flags)

        assert cpu_has_bfloat16(path) is expected

    def test_elsewhere_nobody_says(self, tmp_path):
        assert cpu_has_bfloat16(tmp_path / "none") is False
