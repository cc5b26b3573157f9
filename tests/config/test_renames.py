import contextlib
import copy
import dataclasses
import pickle

import pytest

from fast_style.config.config_files import read_config
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.renames import rename
from fast_style.config.renames import RENAMED_FIELDS
from fast_style.config.serialization import from_json
from fast_style.config.serialization import to_json
from fast_style.config.train_config import TrainConfig


def make_config(**options):
    return TrainConfig(style_image="style.jpg", train_images="photos", **options)


@contextlib.contextmanager
def warned_here(match):
    """The warning must name this file, which is the caller's."""
    with pytest.warns(FutureWarning, match=match) as caught:
        yield
    assert [each.filename for each in caught] == [__file__]


def test_an_old_name_is_taken_with_a_warning():
    with warned_here("`loss_shift` is called `loss_jitter` now"):
        config = make_config(loss_shift=3)

    assert config.loss_jitter == 3


def test_an_old_name_is_answered_with_a_warning():
    config = make_config(loss_jitter=3)

    with warned_here("`loss_jitter`"):
        assert config.loss_shift == 3


def test_an_old_name_is_set_with_a_warning():
    config = make_config()

    with warned_here("`loss_jitter`"):
        config.loss_shift = 5

    assert config.loss_jitter == 5


def test_an_old_name_replaces_the_value_of_the_new_one():
    with pytest.warns(FutureWarning, match="`loss_shift` is called `loss_jitter` now"):
        config = dataclasses.replace(make_config(loss_jitter=5), loss_shift=3)

    assert config.loss_jitter == 3


def test_a_pickled_config_of_that_time_is_read():
    state = {**vars(make_config(loss_jitter=2)), "loss_shift": 3}
    del state["loss_jitter"]

    config = TrainConfig.__new__(TrainConfig)
    config.__setstate__(state)

    assert config == make_config(loss_jitter=3)


def test_a_pickled_config_of_today_is_read():
    terms = {"mine": StyleTerm(layers="relu1_1", temperature=1.5)}
    config = make_config(loss_jitter=3, terms=terms)

    assert pickle.loads(pickle.dumps(config)) == config


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_has_terms_of_its_own(copied):
    config = make_config()

    copied(config).terms["motifs"].weight = 7.0

    assert config == make_config()


def test_json_with_an_old_name_is_read_without_a_warning():
    text = to_json(make_config(loss_jitter=3))
    assert '"loss_jitter"' in text

    read = from_json(text.replace('"loss_jitter"', '"loss_shift"'))

    assert read == make_config(loss_jitter=3)


def test_an_old_name_on_the_command_line_is_taken_with_a_warning():
    with warned_here("`loss_jitter`"):
        config = read_config("smoke", ["--config.loss_shift=3"])

    assert config.loss_jitter == 3


def test_present_names_stay_as_they_are():
    terms = {"style": {"kind": "style", "layers": ["relu1_1"], "distance": "l2"}}
    fields = {"loss_jitter": 3, "style_weight": 2.0, "terms": terms}

    assert rename(fields) == (fields, [])


def test_what_is_renamed_has_a_field():
    names = {field.name for field in dataclasses.fields(TrainConfig)}

    assert set(RENAMED_FIELDS.values()) <= names
    assert not set(RENAMED_FIELDS) & names
