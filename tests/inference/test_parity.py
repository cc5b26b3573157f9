import json

import pytest

from fast_style.inference.formats import saved_model
from fast_style.inference.parity import compare_in_new_process
from fast_style.models.generator import build_generator

RELOAD = saved_model.RELOAD


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """A generator, and the folder of its SavedModel."""
    generator = build_generator("tiny")
    path = tmp_path_factory.mktemp("parity") / "saved_model"
    saved_model.export(generator, path)
    return generator, path


def test_the_same_weights_give_the_same_pictures(export, tmp_path):
    generator, path = export

    difference = compare_in_new_process(generator, path, tmp_path, RELOAD)

    report = json.loads((path / "parity.json").read_text())
    assert report["max_difference"] == difference <= 1
    assert len(report["levels_of_255"]) == 8  # Four sizes by two signatures.


def test_other_weights_are_an_error(export, tmp_path):
    _, path = export

    with pytest.raises(RuntimeError, match="must give the pictures of the Keras model"):
        compare_in_new_process(build_generator("tiny"), path, tmp_path, RELOAD)


def test_so_is_a_folder_that_cannot_be_loaded(export, tmp_path):
    (tmp_path / "empty").mkdir()

    with pytest.raises(RuntimeError, match="could not be loaded again"):
        compare_in_new_process(export[0], tmp_path / "empty", tmp_path, RELOAD)
