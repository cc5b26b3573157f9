import hashlib

import pytest

from fast_style.config.config_files import read_config
from fast_style.training.recorded_inputs import describe_inputs
from fast_style.training.recorded_inputs import read_inputs
from fast_style.training.recorded_inputs import save_inputs


def read_smoke(**changes):
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


def test_files_have_the_digest_that_other_programs_compute(tmp_path, photos):
    (tmp_path / "wave.png").write_bytes(b"a painting")
    (tmp_path / "weights.npz").write_bytes(b"numbers")
    config = read_smoke(
        style_image=tmp_path / "wave.png",
        train_images=photos,
        **{"terms.style.network_weights": tmp_path / "weights.npz"},
    )

    inputs = describe_inputs(config)

    assert inputs["style_image"] == hashlib.sha256(b"a painting").hexdigest()
    weights = inputs["terms.style.network_weights"]
    assert weights == hashlib.sha256(b"numbers").hexdigest()
    assert "coco_annotations" not in inputs
    assert "terms.content.network_weights" not in inputs  # Those of a name.


def test_folders_have_one_of_names_and_sizes(tmp_path, photos):
    before = describe_inputs(read_smoke(train_images=photos))
    (photos / "notes.txt").write_text("no picture")
    moved = photos.rename(tmp_path / "moved")
    after = describe_inputs(read_smoke(train_images=moved))
    (moved / "part0" / "0.png").rename(moved / "part0" / "8.png")
    renamed = describe_inputs(read_smoke(train_images=moved))

    assert before == after
    assert renamed["train_images"] != after["train_images"]


def test_what_is_written_is_read_again(tmp_path, photos):
    config = read_smoke(train_images=photos, init_from="nowhere", style_images=photos,
                        style_image="")  # fmt: skip
    save_inputs(tmp_path, config)

    inputs = read_inputs(tmp_path)

    assert inputs == describe_inputs(config)
    assert inputs["init_from"] is None
    assert [name for name, _ in inputs["style_images"]][:2] == ["0.png", "2.png"]
    assert read_inputs(photos) == {}


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_damaged_file_is_named(tmp_path, text):
    (tmp_path / "inputs.json").write_text(text)

    with pytest.raises(ValueError, match=r"inputs\.json' is damaged"):
        read_inputs(tmp_path)
