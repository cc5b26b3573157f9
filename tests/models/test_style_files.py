import dataclasses
import io
import json
import subprocess
import sys
import zipfile

import h5py
import keras
import numpy as np
import pytest

from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.conditions import Conditions
from fast_style.models.generator import build_generator
from fast_style.models.saving import load_generator
from fast_style.models.saving import save_generator
from fast_style.models.style_files import fold
from fast_style.models.style_files import read_style
from fast_style.models.style_files import to_trained_style

REFUSED = r"Expected a `\.keras` file with a generator.*\.keras'"


@pytest.mark.parametrize("name", ["johnson", "fast"])
def test_weights_are_those_of_the_generator(name, rng, tmp_path):
    generator = build_generator(name)
    for weights in generator.weights:
        weights.assign(rng.normal(0, 1, weights.shape))
    save_generator(generator, tmp_path / "style.keras")

    style = read_style(tmp_path / "style.keras")

    assert style.name == name
    assert style.architecture == ARCHITECTURES[name]
    assert list(style.weights) == [weights.path for weights in generator.weights]
    for weights in generator.weights:
        np.testing.assert_array_equal(style.weights[weights.path], weights.numpy())


def test_needs_neither_keras_nor_tensorflow():
    program = """
import sys
from fast_style.models.catalog import find_style
from fast_style.models.style_files import read_style
read_style(find_style("starry_night"))
print({"keras", "tensorflow"} & sys.modules.keys())
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


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
            read_style(tmp_path / "style.keras")

    def test_refuses_another_network(self, tmp_path):
        inputs = keras.Input((2,))
        other = keras.Model(inputs, keras.layers.Dense(1)(inputs))
        other.save(tmp_path / "other.keras")

        with pytest.raises(ValueError, match=REFUSED):
            read_style(tmp_path / "other.keras")

    def test_refuses_a_foreign_file(self, tmp_path):
        (tmp_path / "style.keras").write_text("not a zip")

        with pytest.raises(ValueError, match=REFUSED):
            read_style(tmp_path / "style.keras")

    def test_says_when_there_is_no_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="No such file"):
            read_style(tmp_path / "style.keras")

    @pytest.mark.parametrize(
        "name", ["config.json", "architecture.json", "model.weights.h5"]
    )
    def test_refuses_a_file_that_lacks_a_part(self, path, name, rewrite):
        rewrite(path, {name: None})

        with pytest.raises(ValueError, match=rf"style\.keras.*{name}"):
            read_style(path)

    @pytest.mark.parametrize("config", [[], {}, {"config": []}, {"config": {}}])
    def test_refuses_a_config_of_another_form(self, path, config, rewrite):
        rewrite(path, {"config.json": json.dumps(config)})

        with pytest.raises(ValueError, match=REFUSED):
            read_style(path)

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
            read_style(path)

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
            read_style(path)

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
            read_style(path)

    @pytest.mark.parametrize(
        "name", ["config.json", "architecture.json", "model.weights.h5"]
    )
    def test_refuses_a_zip_bomb(self, path, name, rewrite):
        rewrite(path, {name: bytes(2**26)})

        with pytest.raises(ValueError, match=rf"{name} declares 67108864 bytes"):
            read_style(path)

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_refuses_weights_that_are_no_numbers(self, path, value):
        generator = load_generator(path)
        weights = generator.get_weights()
        weights[-1][0] = value
        generator.set_weights(weights)
        save_generator(generator, path)

        with pytest.raises(ValueError, match=r"style\.keras.*not all finite"):
            read_style(path)

    def test_refuses_a_config_that_is_nested_without_end(self, path, rewrite):
        rewrite(path, {"config.json": 10**5 * "[" + 10**5 * "]"})

        with pytest.raises(ValueError, match=REFUSED):
            read_style(path)

    def test_refuses_a_file_cut_off_in_the_middle(self, path):
        path.write_bytes(path.read_bytes()[:-1000])

        with pytest.raises(ValueError, match=REFUSED):
            read_style(path)


class TestConditions:
    @pytest.fixture(params=["johnson", "tiny"])
    def generator(self, request, rng):
        conditions = Conditions(names=("wave", "night"), strengths=(0.2, 1.0))
        architecture = dataclasses.replace(
            ARCHITECTURES[request.param], num_conditions=conditions.num_rows
        )
        generator = build_generator(request.param, architecture=architecture)
        generator.conditions = conditions
        for weights in generator.weights:
            if len(weights.shape) == 2:  # Tables, whose rows are equal at first.
                weights.assign(weights + rng.normal(0, 0.3, weights.shape))
        return generator

    @pytest.fixture
    def images(self, rng):
        return rng.uniform(0, 255, (2, 20, 24, 3)).astype("float32")

    def test_a_style_is_a_plain_generator_with_its_numbers(self, generator, images):
        shares = [
            generator.conditions.mix({"night": 1}),
            generator.conditions.mix({"wave": 2, "night": 1}, strength=0.5),
        ]

        together = np.asarray(generator([images, np.stack(shares)]))

        for i, each in enumerate(shares):
            folded = fold(to_trained_style(generator), each)
            plain = build_generator(folded.name, architecture=folded.architecture)
            plain.set_weights(list(folded.weights.values()))
            alone = plain(images[i : i + 1])[0]
            np.testing.assert_allclose(alone, together[i], atol=0.01)
        others = np.asarray(generator([images, np.stack(shares[::-1])]))
        assert np.abs(together - others).mean() > 1

    def test_a_file_keeps_names_and_strengths(self, generator, images, tmp_path):
        save_generator(generator, tmp_path / "a.keras", weights_dtype="float32")
        shares = np.stack([generator.conditions.mix({"wave": 1})] * 2)

        loaded = load_generator(tmp_path / "a.keras")

        assert read_style(tmp_path / "a.keras").conditions == generator.conditions
        assert loaded.conditions == generator.conditions
        np.testing.assert_array_equal(
            loaded([images, shares]), generator([images, shares])
        )

    @pytest.mark.parametrize(
        "text",
        ["{}", "[]", '{"names": [1, 2], "strengths": [0.2, 1]}',
         '{"names": ["a"], "strengths": [0.2, 1]}',
         '{"names": ["a", "b"], "strengths": ["x", 1]}',
         '{"names": ["a", "../b"], "strengths": [0.2, 1]}',
         '{"names": ["a", ""], "strengths": [0.2, 1]}'],
    )  # fmt: skip
    def test_damaged_ones_are_refused(self, generator, tmp_path, rewrite, text):
        save_generator(generator, tmp_path / "a.keras")
        rewrite(tmp_path / "a.keras", {"conditions.json": text})

        with pytest.raises(ValueError, match=REFUSED):
            read_style(tmp_path / "a.keras")
