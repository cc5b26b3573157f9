"""Training on several devices with `tf.distribute`: the config's `distribute`.

Each replica works on its part of the batch, and gradients are added up, so that
`batch_size` and `learning_rate` mean the same on any number of devices.
"""

import contextlib
import json
import os

from absl import logging
import keras
import numpy as np

_EXAMPLE = {
    "cluster": {"worker": ["host0:12345", "host1:12345"]},
    "task": {"type": "worker", "index": 0},
}


class OneDevice:
    """No distribution: one process on the device that TensorFlow or JAX chooses."""

    num_replicas = 1
    is_chief = True

    def scope(self):
        """Returns a context in which variables are created."""
        return contextlib.nullcontext()

    def watch(self):
        """Returns a context in which a lost worker raises a `RuntimeError`."""
        return contextlib.nullcontext()

    def distribute(self, make_dataset):
        """Makes the dataset of this process with `make_dataset`."""
        return make_dataset()

    def agree(self, number: int) -> int:
        """Returns the chief's number."""
        return number

    def share(self, state: dict) -> dict:
        """Returns the chief's arrays."""
        return state


class Replicas:
    """Replicas of a `tf.distribute` strategy.

    Args:
        strategy: A mirrored strategy, of one process or several.
        is_chief: Whether this process writes the files.
        has_workers: Whether there are other processes.
    """

    def __init__(self, strategy, *, is_chief: bool = True, has_workers: bool = False):
        self.strategy = strategy
        self.has_workers = has_workers
        self.num_replicas = strategy.num_replicas_in_sync
        self.is_chief = is_chief

    def scope(self):
        """Returns a context in which variables are created on all devices."""
        return self.strategy.scope()

    @contextlib.contextmanager
    def watch(self):
        """Returns a context in which a lost worker raises a `RuntimeError`."""
        import tensorflow as tf

        try:
            yield
        except (
            tf.errors.AbortedError,
            tf.errors.CancelledError,
            tf.errors.InternalError,
            tf.errors.UnavailableError,
        ) as error:
            if not self.has_workers:
                raise
            raise RuntimeError(
                "Another worker cannot be reached any more. Start all of them again "
                "with the same command: the training resumes from its last "
                "checkpoint. "
                f"TensorFlow says: {_find_reason(str(error))}"
            ) from error

    def distribute(self, make_dataset):
        """Makes a dataset with a part of each batch for each replica."""

        def make_part(context):
            num_here = self.num_replicas // context.num_input_pipelines
            first = context.input_pipeline_id * num_here
            return make_dataset(
                num_replicas=self.num_replicas, replicas=(first, first + num_here)
            )

        return self.strategy.distribute_datasets_from_function(make_part)

    def agree(self, number: int) -> int:
        """Returns the chief's number in every process. All processes must call it."""
        return int(self._take_from_chief([np.int32(number)])[0])

    def share(self, state: dict) -> dict:
        """Returns the chief's arrays of float32 in every process, under their names.

        What processes compute for themselves may differ in the last bits, on other
        CPUs, and these differences stay. All processes must call it.

        Args:
            state: Dict from names to arrays; those of other types stay as they are.
        """
        if not self.has_workers:
            return state
        names = [name for name, array in state.items() if array.dtype == np.float32]
        shared = self._take_from_chief([state[name] for name in names])
        return {**state, **dict(zip(names, shared, strict=True))}

    def _take_from_chief(self, arrays):
        import tensorflow as tf

        def keep_first(arrays):
            replica = tf.distribute.get_replica_context().replica_id_in_sync_group
            return [tf.where(tf.equal(replica, 0), x, tf.zeros_like(x)) for x in arrays]

        @tf.function
        def add_up(arrays):
            kept = self.strategy.run(keep_first, args=(arrays,))
            return [self.strategy.reduce("SUM", each, axis=None) for each in kept]

        return [each.numpy() for each in add_up([tf.constant(x) for x in arrays])]


def make_devices(distribute: str, batch_size: int) -> OneDevice | Replicas:
    """Makes the devices that a config's `distribute` stands for.

    Args:
        distribute: `none`; `mirrored`: all GPUs of this machine, or all of TensorFlow's
            logical CPUs if there is no GPU; `multi_worker`: the processes that
            `TF_CONFIG` names; `auto`: `multi_worker` if `TF_CONFIG` is set, else
            `mirrored` if there is more than one GPU, else `none`.
        batch_size: Batch size of all replicas together.

    Returns:
        The devices of a training.

    Raises:
        ValueError: If the batch cannot be split evenly, or `TF_CONFIG` is missing.
    """
    if distribute == "none" or keras.backend.backend() != "tensorflow":
        return OneDevice()
    import tensorflow as tf

    num_used = None
    if distribute == "auto":
        distribute = "none"
        # Not the logical ones: listing them starts TensorFlow, too early for workers.
        num_gpus = len(tf.config.list_physical_devices("GPU"))
        num_used = count_useful(num_gpus, batch_size)
        if num_used < num_gpus:
            logging.warning(
                "%d of %d GPUs are used, as many as split batch_size=%d evenly.",
                num_used,
                num_gpus,
                batch_size,
            )
        if num_used > 1:
            distribute = "mirrored"
        if os.environ.get("TF_CONFIG"):
            distribute = "multi_worker"
    if distribute == "none":
        return OneDevice()
    if distribute == "mirrored":
        found = tf.config.list_logical_devices("GPU")
        found = found or tf.config.list_logical_devices("CPU")
        found = found[:num_used]
        strategy = tf.distribute.MirroredStrategy([device.name for device in found])
        devices = Replicas(strategy)
    else:
        devices = _make_workers()
    if batch_size % devices.num_replicas:
        raise ValueError(
            "`batch_size` is split over all devices, so it must be a multiple of "
            f"their number. Received: batch_size={batch_size}, with "
            f"{devices.num_replicas} devices"
        )
    return devices


def count_useful(num_devices: int, batch_size: int) -> int:
    """Returns the largest number of devices that split a batch evenly."""
    counts = range(1, num_devices + 1)
    return max((n for n in counts if batch_size % n == 0), default=0)


def _make_workers():
    import tensorflow as tf

    try:
        config = json.loads(os.environ["TF_CONFIG"])
        is_chief = config["task"]["index"] == 0 and bool(config["cluster"]["worker"])
    except (KeyError, ValueError, TypeError):
        raise ValueError(
            '`distribute="multi_worker"` needs the environment variable TF_CONFIG, '
            f"such as {json.dumps(_EXAMPLE)}, with another index in each process. "
            f"Received: TF_CONFIG={os.environ.get('TF_CONFIG')!r}"
        ) from None
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    return Replicas(strategy, is_chief=is_chief, has_workers=True)


def _find_reason(message):
    # Most of the message is about the place in the graph.
    lines = [line for line in message.splitlines() if "Collective ops" in line]
    return (lines or message.splitlines() or ["nothing"])[0]


def all_reduce_sum(tensors: list) -> list:
    """Returns the sums of tensors over all replicas; called by each of them."""
    if count_replicas() == 1:
        return tensors
    import tensorflow as tf

    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, tensors)


def count_replicas() -> int:
    """Returns how many replicas work on a step."""
    if keras.backend.backend() != "tensorflow":
        return 1
    import tensorflow as tf

    return tf.distribute.get_strategy().num_replicas_in_sync
