import io
import json

import numpy as np
from PIL import Image
import pytest
import tensorflow as tf

from fast_style.inference.export import export_style
from fast_style.inference.freezing import freeze
from fast_style.io.arrays import to_uint8
from fast_style.models.saving import load_generator


@pytest.fixture(scope="module")
def signatures(exported_run):
    model = tf.saved_model.load(str(exported_run.path))
    yield model.signatures
    del model


def encode(pixels, image_format="PNG", mode=None):
    stream = io.BytesIO()
    picture = Image.fromarray(pixels)
    (picture.convert(mode) if mode else picture).save(stream, image_format)
    return stream.getvalue()


def decode(data):
    return np.asarray(Image.open(io.BytesIO(data)))


class TestFreeze:
    @pytest.mark.parametrize("shape", [(1, 1, 1, 3), (2, 9, 30, 3)])
    def test_changes_nothing(self, trained_run, rng, shape):
        generator = load_generator(trained_run / "style.keras")
        images = rng.uniform(0, 255, shape).astype("float32")

        frozen = freeze(generator)(tf.constant(images))

        np.testing.assert_allclose(frozen, generator(images), atol=1e-2)


class TestServingDefault:
    @pytest.mark.parametrize(
        "shape", [(1, 1, 1, 3), (1, 1, 7, 3), (2, 3, 50, 3), (1, 338, 641, 3)]
    )
    def test_any_size_comes_out_as_from_keras(
        self, signatures, trained_run, rng, shape
    ):
        images = rng.integers(0, 256, shape, "uint8")
        generator = load_generator(trained_run / "style.keras")

        answer = signatures["serving_default"](image=tf.constant(images))

        assert set(answer) == {"stylized"}
        stylized = answer["stylized"].numpy()
        assert stylized.dtype == np.uint8
        expected = to_uint8(np.asarray(generator(images.astype("float32"))))
        difference = np.abs(stylized.astype(int) - expected.astype(int))
        assert difference.max() <= 1


class TestServeBytes:
    def test_pictures_of_several_sizes_and_formats(self, signatures, rng):
        pictures = [
            rng.integers(0, 256, (h, w, 3), "uint8") for h, w in [(9, 5), (4, 30)]
        ]
        files = [encode(pictures[0]), encode(pictures[1], "JPEG")]

        answer = signatures["serve_bytes"](image_bytes=tf.constant(files))

        results = [decode(data) for data in answer["stylized_bytes"].numpy()]
        assert [r.shape for r in results] == [(9, 5, 3), (4, 30, 3)]
        default = signatures["serving_default"](image=tf.constant(pictures[0][None]))
        np.testing.assert_array_equal(results[0], default["stylized"][0])

    @pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
    def test_png_of_every_colour_mode(self, signatures, rng, mode):
        file = encode(rng.integers(0, 256, (8, 8, 3), "uint8"), mode=mode)

        answer = signatures["serve_bytes"](image_bytes=tf.constant([file]))

        assert decode(answer["stylized_bytes"].numpy()[0]).shape == (8, 8, 3)

    def test_a_file_that_is_no_picture_is_an_error_of_the_request(self, signatures):
        with pytest.raises(tf.errors.InvalidArgumentError):
            signatures["serve_bytes"](image_bytes=tf.constant([b"not a picture"]))


class TestExportStyle:
    def test_reports_how_near_it_is(self, exported_run):
        parity = json.loads((exported_run.path / "parity.json").read_text())

        assert parity["max_difference"] == exported_run.max_difference <= 1
        assert "1x338x641x3" in parity["levels_of_255"]

    def test_weights_are_constants(self, exported_run):
        model = tf.saved_model.load(str(exported_run.path))

        assert model.signatures["serving_default"].variables == ()
        data = exported_run.path / "variables" / "variables.data-00000-of-00001"
        assert not data.exists() or data.stat().st_size < 1000

    def test_replaces_an_earlier_export_but_nothing_else(self, trained_run, tmp_path):
        mine = tmp_path / "mine"
        mine.mkdir()
        (mine / "thesis.txt").write_text("years of work")

        with pytest.raises(ValueError, match="an empty one or an earlier export"):
            export_style(trained_run, mine)

        assert (mine / "thesis.txt").read_text() == "years of work"
        output = tmp_path / "export"
        output.mkdir()
        (output / "saved_model.pb").write_text("an earlier one")
        with pytest.raises(ValueError, match="an earlier export"):
            export_style(trained_run, output)  # It might be somebody else's.
        (output / "parity.json").write_text("{}")
        (output / "2").mkdir()  # As TensorFlow Serving has its versions.
        with pytest.raises(ValueError, match="an earlier export"):
            export_style(trained_run, output)
        (output / "2").rmdir()
        export_style(trained_run, output)
        assert (output / "saved_model.pb").stat().st_size > 100_000
        assert sorted(p.name for p in tmp_path.iterdir()) == ["export", "mine"]

    def test_an_export_that_is_not_the_same_is_an_error_and_leaves_the_old_one(
        self, trained_run, tmp_path, monkeypatch
    ):
        output = tmp_path / "export"
        output.mkdir()
        (output / "saved_model.pb").write_text("an earlier one")
        (output / "parity.json").write_text("{}")
        freeze = freeze

        def freeze_wrongly(generator):
            frozen = freeze(generator)
            return lambda images: frozen(images) * 0.9

        monkeypatch.setattr(exporting, "freeze", freeze_wrongly)

        with pytest.raises(RuntimeError, match="the pictures of the Keras model"):
            export_style(trained_run, output)

        assert (output / "saved_model.pb").read_text() == "an earlier one"

    def test_refuses_what_is_a_saved_model_already(self, exported_run, tmp_path):
        with pytest.raises(ValueError, match="a SavedModel already"):
            export_style(exported_run.path, tmp_path / "again")
