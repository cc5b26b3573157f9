import dataclasses
import io
import zipfile

import h5py
import numpy as np
import pytest

from fast_style.models import saving
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.generator import build_generator
from fast_style.models.saving import load_generator
from fast_style.models.saving import save_generator


def make_images(rng, *shape):
    return rng.uniform(0, 255, shape).astype("float32")


def test_an_architecture_of_ones_own_is_read(rng, tmp_path):
    own = dataclasses.replace(
        ARCHITECTURES["tiny"],
        num_residual_blocks=1,
        noise_channels=3,
        noise_blurs=(0.0, 1.0, 2.0),
    )
    model = build_generator("own", architecture=own)
    save_generator(model, tmp_path / "style.keras", weights_dtype="float16")
    images = make_images(rng, 1, 18, 21, 3)

    loaded = load_generator(tmp_path / "style.keras")

    assert loaded.architecture == own
    np.testing.assert_allclose(loaded(images), model(images), atol=2)


def test_round_trip(tiny, rng, tmp_path):
    images = make_images(rng, 1, 18, 21, 3)
    save_generator(tiny, tmp_path / "deeper" / "style.keras")

    loaded = load_generator(tmp_path / "deeper" / "style.keras")

    np.testing.assert_array_equal(loaded(images), tiny(images))
    assert [p.name for p in (tmp_path / "deeper").iterdir()] == ["style.keras"]


def test_sixteen_bit_weights_halve_the_file_and_hardly_change_it(tiny, rng, tmp_path):
    images = make_images(rng, 1, 32, 32, 3)
    save_generator(tiny, tmp_path / "whole.keras")
    save_generator(tiny, tmp_path / "half.keras", weights_dtype="float16")

    loaded = load_generator(tmp_path / "half.keras")

    half = (tmp_path / "half.keras").stat().st_size
    assert half < 0.6 * (tmp_path / "whole.keras").stat().st_size
    assert {w.dtype for w in loaded.weights} == {"float32"}
    np.testing.assert_allclose(loaded(images), tiny(images), atol=2)


def test_the_file_holds_the_generator_and_nothing_else(tiny, tmp_path):
    save_generator(tiny, tmp_path / "style.keras")

    with zipfile.ZipFile(tmp_path / "style.keras") as archive:
        weights = io.BytesIO(archive.read("model.weights.h5"))
    sizes = []
    with h5py.File(weights) as file:
        file.visititems(
            lambda _, item: (
                sizes.append(item.size) if isinstance(item, h5py.Dataset) else None
            )
        )
    assert sum(sizes) == tiny.count_params()


def test_a_mixed_precision_generator_is_saved_in_float32(rng, tmp_path):
    mixed = build_generator("tiny", dtype="mixed_bfloat16")
    save_generator(mixed, tmp_path / "style.keras")

    loaded = load_generator(tmp_path / "style.keras")

    policies = {layer.dtype_policy.name for layer in loaded.layers}
    assert policies == {"float32"}
    for old, new in zip(mixed.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_failed_save_leaves_the_old_file_alone(tiny, tmp_path, monkeypatch):
    path = tmp_path / "style.keras"
    path.write_text("the old style")

    def fill_the_disk(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "_cast_saved_weights", fill_the_disk)
    with pytest.raises(OSError, match="No space left"):
        save_generator(tiny, path, weights_dtype="float16")

    assert path.read_text() == "the old style"
    assert list(tmp_path.iterdir()) == [path]


def test_refuses_a_damaged_file(tiny, tmp_path):
    save_generator(tiny, tmp_path / "style.keras")
    whole = (tmp_path / "style.keras").read_bytes()
    (tmp_path / "style.keras").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(ValueError, match=r"Expected a `\.keras` file.*style\.keras"):
        load_generator(tmp_path / "style.keras")
