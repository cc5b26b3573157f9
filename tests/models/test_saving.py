import dataclasses
import io
import json
import zipfile

import h5py
import keras
import numpy as np
import pytest

from fast_style.models import saving
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.generator import build_generator
from fast_style.models.saving import load_generator
from fast_style.models.saving import save_generator

REFUSED = r"Expected a `\.keras` file with a generator.*\.keras'"


def make_images(rng, *shape):
    return rng.uniform(0, 255, shape).astype("float32")


@pytest.mark.parametrize("name", ["fast", "tiny"])
def test_a_file_from_before_noise_is_read(name, rng, tmp_path):
    old = dataclasses.replace(ARCHITECTURES[name], has_skip=False, noise_channels=0)
    old = build_generator(name, architecture=old)
    old.save(tmp_path / "style.keras")
    images = make_images(rng, 1, 18, 21, 3)

    loaded = load_generator(tmp_path / "style.keras")

    np.testing.assert_array_equal(loaded(images), old(images))


def test_an_architecture_of_ones_own_is_read(rng, tmp_path):
    own = dataclasses.replace(
        ARCHITECTURES["tiny"], num_residual_blocks=1, noise_channels=3
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


def test_the_old_name_of_an_architectures_field_is_read(
    rng, tmp_path, rewrite, read_fields
):
    own = dataclasses.replace(ARCHITECTURES["tiny"], zero_init_residual=True)
    model = build_generator("tiny", architecture=own)
    save_generator(model, tmp_path / "style.keras")
    fields = read_fields(tmp_path / "style.keras")
    fields["begins_empty"] = fields.pop("zero_init_residual")
    rewrite(tmp_path / "style.keras", {"architecture.json": json.dumps(fields)})
    images = make_images(rng, 1, 18, 21, 3)

    loaded = load_generator(tmp_path / "style.keras")

    assert loaded.architecture == own
    np.testing.assert_array_equal(loaded(images), model(images))


class TestDamage:
    @pytest.fixture
    def path(self, tiny, tmp_path):
        save_generator(tiny, tmp_path / "style.keras")
        return tmp_path / "style.keras"

    @pytest.mark.parametrize("text", ["[]", "{", '{"depth": 3}', '{"down": 5}'])
    def test_refuses_an_architecture_that_is_none(self, tiny, tmp_path, text):
        tiny.save(tmp_path / "style.keras")
        with zipfile.ZipFile(tmp_path / "style.keras", "a") as archive:
            archive.writestr("architecture.json", text)

        with pytest.raises(ValueError, match=REFUSED):
            load_generator(tmp_path / "style.keras")

    def test_refuses_another_network(self, tmp_path):
        inputs = keras.Input((2,))
        other = keras.Model(inputs, keras.layers.Dense(1)(inputs))
        other.save(tmp_path / "other.keras")

        with pytest.raises(ValueError, match=REFUSED):
            load_generator(tmp_path / "other.keras")

    def test_refuses_a_foreign_file(self, tmp_path):
        (tmp_path / "style.keras").write_text("not a zip")

        with pytest.raises(ValueError, match=REFUSED):
            load_generator(tmp_path / "style.keras")

    def test_says_when_there_is_no_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="No such file"):
            load_generator(tmp_path / "style.keras")

    @pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
    def test_refuses_a_file_that_lacks_a_part(self, path, name, rewrite):
        rewrite(path, {name: None})

        with pytest.raises(ValueError, match=rf"style\.keras.*{name}"):
            load_generator(path)

    @pytest.mark.parametrize(
        "config",
        [[], {}, {"config": []}, {"config": {"name": 3}}, {"config": {"name": "big"}}],
    )
    def test_refuses_a_config_of_another_form(self, path, config, rewrite):
        rewrite(path, {"config.json": json.dumps(config), "architecture.json": None})

        with pytest.raises(ValueError, match=REFUSED):
            load_generator(path)

    @pytest.mark.parametrize(
        "change",
        [
            {"down": [[10**12, 5, 2], [32, 3, 2]]},
            {"down": [[4096, 5, 2], [4096, 3, 2]]},
            {"down": [["16", 5, 2], [32, 3, 2]]},
            {"num_residual_blocks": 10**12},
            {"num_residual_blocks": 2},
            {"num_residual_blocks": -1},
            {"num_residual_blocks": 3.5},
            {"noise_channels": 5},
            {"output_gain": float("nan")},
            {"refine": None},
            {"depth": 3},
        ],
        ids=str,
    )
    def test_refuses_numbers_that_the_weights_do_not_have(
        self, path, change, rewrite, read_fields
    ):
        fields = read_fields(path) | change
        rewrite(path, {"architecture.json": json.dumps(fields)})

        with pytest.raises(ValueError, match=REFUSED):
            load_generator(path)

    @pytest.mark.parametrize("key", ["layers/conv2d/vars/0", "layers/more/vars/0"])
    def test_refuses_arrays_that_are_declared_and_not_there(self, path, key, rewrite):
        with zipfile.ZipFile(path) as archive:
            weights = io.BytesIO(archive.read("model.weights.h5"))
        with h5py.File(weights, "a") as file:
            if key in file:
                del file[key]
            file.create_dataset(key, shape=(5, 5, 10**5, 10**5), dtype="float32")
        rewrite(path, {"model.weights.h5": weights.getvalue()})

        with pytest.raises(ValueError, match=r"style\.keras.*more weights than it has"):
            load_generator(path)

    def test_refuses_a_network_as_large_as_its_file_declares(self, path, rewrite):
        # Both agree, and nothing of it is in the file.
        own = dataclasses.asdict(ARCHITECTURES["tiny"])
        own |= {"down": [[16, 3, 2], [4096, 3, 2]], "num_residual_blocks": 1000}
        weights = io.BytesIO()
        with h5py.File(weights, "w") as file:
            for number in range(2000):
                shape = (3, 3, 4096, 4096)
                file.create_dataset(f"{number}", shape=shape, dtype="float32")
        members = {"architecture.json": json.dumps(own)}
        rewrite(path, members | {"model.weights.h5": weights.getvalue()})

        with pytest.raises(ValueError, match=r"style\.keras.*more weights than it has"):
            load_generator(path)

    @pytest.mark.parametrize(
        "name", ["config.json", "architecture.json", "model.weights.h5"]
    )
    def test_refuses_a_zip_bomb(self, path, name, rewrite):
        rewrite(path, {name: bytes(2**26)})

        with pytest.raises(ValueError, match=rf"{name} declares 67108864 bytes"):
            load_generator(path)

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_refuses_weights_that_are_no_numbers(self, path, value):
        generator = load_generator(path)
        weights = generator.get_weights()
        weights[-1][0] = value
        generator.set_weights(weights)
        save_generator(generator, path)

        with pytest.raises(ValueError, match=r"style\.keras.*not all finite"):
            load_generator(path)

    def test_refuses_a_config_that_is_nested_without_end(self, path, rewrite):
        rewrite(path, {"config.json": 10**5 * "[" + 10**5 * "]"})

        with pytest.raises(ValueError, match=REFUSED):
            load_generator(path)

    def test_refuses_a_file_cut_off_in_the_middle(self, path):
        path.write_bytes(path.read_bytes()[:-1000])

        with pytest.raises(ValueError, match=REFUSED):
            load_generator(path)
