"""JAX trains as TensorFlow does, where TensorFlow is not installed."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

JAX_PYTHON = os.environ.get("FAST_STYLE_JAX_PYTHON")
PREPARATION = """
import importlib.util
import json
import pathlib
import sys
import keras
import numpy as np
from PIL import Image
from fast_style.training.checkpoints import load_checkpoint
from fast_style.config.train_config import TrainConfig
from fast_style.samples import CONTENT_IMAGE
from fast_style.samples import STYLE_IMAGE
from fast_style.training.making import make_trainer
from fast_style.training.callbacks.making import make_callbacks

config = TrainConfig(
    style_image=str(STYLE_IMAGE), train_images="unused", style_image_size=192,
    image_size=64, num_steps=10, warmup_steps=0, log_every_steps=5,
    sample_every_steps=10, precision="float32", generator="tiny", learning_rate=5e-4,
    content_weight=0.2,
)
rng = np.random.default_rng(0)
photo = np.asarray(Image.open(CONTENT_IMAGE), "float32")
corners = rng.integers(0, 200, (20, 2))
crops = np.stack([photo[y : y + 64, x : x + 64] for y, x in corners])

def make():
    trainer = make_trainer(config)
    # Each backend has a stream of random numbers of its own.
    weights = [
        rng.normal(0, np.prod(w.shape[:-1]) ** -0.5, w.shape) if w.ndim == 4 else w
        for w in trainer.generator.get_weights()
    ]
    trainer.generator.set_weights(weights)
    return trainer

def fit(trainer, crops, **kwargs):
    trainer.fit(crops, batch_size=2, shuffle=False, verbose=0, **kwargs)
"""
FIVE_STEPS = """
trainer = make()
fit(trainer, crops[:10])
print(json.dumps({
    "backend": keras.backend.backend(),
    "has_tensorflow": importlib.util.find_spec("tensorflow") is not None,
    "is_compiled": trainer.jit_compile,
    "terms": keras.ops.convert_to_numpy(trainer.recent_terms)[-5:].tolist(),
}))
"""
RESUMED = """
workdir = pathlib.Path(sys.argv[1])
whole = make()
fit(whole, crops, callbacks=make_callbacks(config, workdir, [photo]))
resumed = make()
load_checkpoint(resumed, workdir / "checkpoints" / "step-00000005.npz")
for path in ("checkpoints/step-00000010.npz", "samples/step-00000010.png"):
    (workdir / path).unlink()
(workdir / "history.csv").write_text("".join(
    (workdir / "history.csv").read_text().splitlines(keepends=True)[:2]
))
callbacks = make_callbacks(config, workdir, [photo], num_steps_done=5)
fit(resumed, crops[10:], callbacks=callbacks)
for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
    np.testing.assert_array_equal(one, other)
"""
IMPORTS = """
import pkgutil
import fast_style

needing = (  # TensorFlow, or the extra "report".
    "data.dataset", "evaluation", "inference", "cli.demo",
    "training.callbacks.tensorboard_log",
)
for module in pkgutil.walk_packages(fast_style.__path__, "fast_style."):
    name = module.name.removeprefix("fast_style.")
    if not name.startswith(needing) and not name.endswith("__main__"):
        importlib.import_module(module.name)
assert "tensorflow" not in sys.modules
print("fast_style.training.run" in sys.modules)
"""
TRAIN = """
from fast_style.training.run import train
config.train_images = str(CONTENT_IMAGE.parent)
train(config, sys.argv[1])
"""

pytestmark = pytest.mark.skipif(JAX_PYTHON is None, reason="for `make test-jax`")


def run(python, code, *arguments, backend, returncode=0):
    outcome = subprocess.run(
        [python, "-c", PREPARATION + code, *arguments],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )
    assert outcome.returncode == returncode, outcome.stderr
    return outcome


def test_losses_of_five_steps_are_those_of_tensorflow():
    outcomes = [
        run(python, FIVE_STEPS, backend=backend)
        for python, backend in ((sys.executable, "tensorflow"), (JAX_PYTHON, "jax"))
    ]
    tensorflow, jax = (json.loads(outcome.stdout) for outcome in outcomes)

    assert (tensorflow["backend"], jax["backend"]) == ("tensorflow", "jax")
    assert not jax["has_tensorflow"]
    assert jax["is_compiled"]
    np.testing.assert_allclose(jax["terms"], tensorflow["terms"], rtol=2e-3)
    style = np.sum(jax["terms"], axis=1, where=[False, False, True, True, False])
    assert style[-1] < 0.95 * style[0]


def test_a_training_from_a_checkpoint_ends_as_the_whole_one(tmp_path):
    run(JAX_PYTHON, RESUMED, str(tmp_path), backend="jax")

    steps = [
        line.split(",")[0]
        for line in (tmp_path / "history.csv").read_text().splitlines()
    ]
    assert steps == ["step", "5", "10"]
    assert (tmp_path / "samples" / "step-00000010.png").is_file()


def test_train_says_that_reading_photos_takes_tensorflow(tmp_path):
    outcome = run(JAX_PYTHON, TRAIN, str(tmp_path), backend="jax", returncode=1)

    assert "pip install tensorflow" in outcome.stderr.splitlines()[-1]


def test_what_trains_can_be_imported():
    assert run(JAX_PYTHON, IMPORTS, backend="jax").stdout == "True\n"
