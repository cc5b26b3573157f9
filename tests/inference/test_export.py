import json

import pytest
import tensorflow as tf

from fast_style.inference.export import export_style
from fast_style.inference.formats import saved_model
from fast_style.inference.tensorflow_graph import make_function


class TestExportStyle:
    @pytest.mark.parametrize("name", ["style.onnx", "style.pb", "new/style.KERAS"])
    def test_the_name_of_a_file_makes_no_folder(self, trained_run, tmp_path, name):
        with pytest.raises(ValueError, match=r"must not end as a file's name does"):
            export_style(trained_run, tmp_path / name)

        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("output", ["", " "])
    def test_an_empty_output_is_not_the_current_folder(self, trained_run, output):
        with pytest.raises(ValueError, match=r"`output` must be a path\. Received"):
            export_style(trained_run, output)

    def test_reports_how_near_it_is(self, exported_run):
        parity = json.loads((exported_run.path / "parity.json").read_text())

        assert parity["max_difference"] == exported_run.max_difference <= 1
        assert "noise 1x338x641x3" in parity["images"]
        assert "photo 4" in parity["images"]
        files = [p for p in exported_run.path.rglob("*") if p.name != "parity.json"]
        sizes = [path.stat().st_size for path in files if path.is_file()]
        assert parity["bytes"] == exported_run.num_bytes == sum(sizes)

    def test_says_what_it_is(self, exported_run):
        metadata = exported_run.metadata

        assert metadata["style"] == "smoke"
        assert metadata["pixels"] == "RGB, 0 to 255"
        assert "license" not in metadata  # Nobody has said so.

    def test_weights_are_constants(self, exported_run):
        model = tf.saved_model.load(str(exported_run.path))

        assert model.signatures["serving_default"].variables == ()
        data = exported_run.path / "variables" / "variables.data-00000-of-00001"
        assert not data.exists() or data.stat().st_size < 1000

    def test_replaces_an_earlier_export_but_nothing_else(self, trained_run, tmp_path):
        mine = tmp_path / "mine"
        mine.mkdir()
        (mine / "thesis.txt").write_text("years of work")

        with pytest.raises(ValueError, match="an empty folder or an earlier export"):
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

        def make_wrongly(style, **options):
            stylize = make_function(style, **options)
            return lambda images: stylize(images) * 0.9

        monkeypatch.setattr(saved_model, "make_function", make_wrongly)

        with pytest.raises(RuntimeError, match="the pictures of the Keras model"):
            export_style(trained_run, output)

        assert (output / "saved_model.pb").read_text() == "an earlier one"

    def test_refuses_what_is_a_saved_model_already(self, exported_run, tmp_path):
        with pytest.raises(ValueError, match="an export already"):
            export_style(exported_run.path, tmp_path / "again")

    def test_a_keras_file_that_exists_is_never_replaced(self, trained_run, tmp_path):
        output = tmp_path / "style.keras"
        output.write_text("somebody's training")

        with pytest.raises(ValueError, match="a file that does not exist"):
            export_style(trained_run, output, format="keras")

        assert output.read_text() == "somebody's training"

    @pytest.mark.slow
    def test_a_keras_file_is_checked_too(self, trained_run, tmp_path):
        output = tmp_path / "exports" / "style.keras"

        report = export_style(trained_run, output, format="keras")

        assert report.path == output
        assert report.max_difference <= 1
        assert [path.name for path in output.parent.iterdir()] == ["style.keras"]

    def test_a_keras_file_must_end_so(self, trained_run, tmp_path):
        with pytest.raises(ValueError, match=r"`output` must end in \.keras"):
            export_style(trained_run, tmp_path / "folder", format="keras")
