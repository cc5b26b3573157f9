"""Two devices and two processes train as one does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from fast_style.config.config_files import read_config
from fast_style.models.saving import load_generator
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.making import make_trainer

# Steps so small that float32's rounding does not grow from one to the next.
OVERRIDES = (
    "--config.num_steps=12", "--config.log_every_steps=4",
    "--config.sample_every_steps=12", "--config.batch_size=4",
    "--config.learning_rate=1e-5", "--config.learning_rate_schedule=constant",
)  # fmt: skip
TWO_DEVICES = """
import sys
import tensorflow as tf
cpu, = tf.config.list_physical_devices("CPU")
devices = [tf.config.LogicalDeviceConfiguration() for _ in range(2)]
tf.config.set_logical_device_configuration(cpu, devices)
from fast_style.cli.app import main
sys.exit(main(sys.argv[1:]))
"""
# The other process begins with other weights, as another CPU might have them. After
# step 6 the chief waits until there is a file, and the other process for the chief.
WAITING = """
import json, os, sys, time
import keras
from fast_style import cli
from fast_style.training import run
make_callbacks = run.make_callbacks
class Wait(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        while batch + 1 == 6 and not os.path.exists(os.environ["GO"]):
            time.sleep(0.05)
def make_waiting_callbacks(*arguments):
    guard, *others = make_callbacks(*arguments)
    return [guard, Wait(), *others]
run.make_callbacks = make_waiting_callbacks
make_trainer = run.make_trainer
def make_other_trainer(config):
    trainer = make_trainer(config)
    index = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
    weights = trainer.generator.get_weights()
    trainer.generator.set_weights([x + 0.3 * index for x in weights])
    return trainer
run.make_trainer = make_other_trainer
sys.exit(cli.main(sys.argv[1:]))
"""


def start(code, workdir, distribute, **environment):
    argv = ["train", "--config=smoke", f"--workdir={workdir}", *OVERRIDES]
    return subprocess.Popen(
        [sys.executable, "-c", code, *argv, f"--config.distribute={distribute}"],
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )


def start_workers(code, workdir, go):
    ports = []
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
    return [
        start(
            code,
            workdir,
            "multi_worker",
            GO=str(go),
            TF_CONFIG=json.dumps(
                {"cluster": cluster, "task": {"type": "worker", "index": index}}
            ),
        )
        for index in range(2)
    ]


def finish(process):
    _, errors = process.communicate()
    return process.returncode, errors


@pytest.fixture(scope="module")
def one_device(tmp_path_factory):
    """The weights of a training by one device, and those it began with."""
    run = tmp_path_factory.mktemp("runs") / "one"
    code = (
        "import sys; from fast_style.cli.app import main; sys.exit(main(sys.argv[1:]))"
    )
    returncode, errors = finish(start(code, run, "none"))
    assert returncode == 0, errors
    config = read_config("smoke", list(OVERRIDES))
    return read_weights(run), make_trainer(config).generator.get_weights()


def read_weights(run):
    return load_generator(run / "style.keras").get_weights()


def assert_alike(run, one_device):
    expected, first = one_device
    for one, other in zip(read_weights(run), expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    # Or the comparison would say nothing.
    moved = [np.abs(a - b).max() for a, b in zip(expected, first, strict=True)]
    assert max(moved) > 1e-4


@pytest.mark.slow
def test_two_devices_train_as_one(one_device, tmp_path):
    returncode, errors = finish(start(TWO_DEVICES, tmp_path / "two", "mirrored"))

    assert returncode == 0, errors
    assert_alike(tmp_path / "two", one_device)


@pytest.mark.slow
def test_two_processes_train_as_one_and_go_on_when_one_was_killed(one_device, tmp_path):
    run, go = tmp_path / "run", tmp_path / "go"
    chief, other = start_workers(WAITING, run, go)
    while not list_checkpoints(run / "checkpoints"):
        assert chief.poll() is None, finish(chief)
        time.sleep(0.05)
    other.send_signal(signal.SIGKILL)
    other.communicate()
    go.touch()
    returncode, errors = finish(chief)

    assert returncode == 1
    assert "Another worker cannot be reached any more" in errors
    assert not (run / "style.keras").exists()

    chief, other = start_workers(WAITING, run, go)
    (returncode, errors), (other_returncode, other_errors) = map(finish, (chief, other))

    assert (returncode, other_returncode) == (0, 0), errors + other_errors
    assert "Going on after" in errors
    assert "Step 12 of 12" in errors
    assert "Step 12 of 12" not in other_errors  # The chief alone writes.
    assert_alike(run, one_device)
