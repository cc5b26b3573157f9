"""The Keras model that trains a generator."""

import keras
from keras import ops

from fast_style.models.layers.noise import shifted_noise
from fast_style.training.distribution import count_replicas

# 8, and the 64 before them, with whose median they are compared.
NUM_JUDGED_STEPS = 72


class StyleTrainer(keras.Model):
    """Trains a generator with `fit` on content images alone.

    Args:
        generator: Model from images to stylized images.
        perceptual_loss: A `PerceptualLoss`: a callable `(content, stylized)` that
            returns a dict of weighted scalar terms, whose keys are its `names`. Not a
            Keras object on purpose: Keras would save it, and put the loss networks
            into every checkpoint.
        loss_jitter: Crops lose 0 to this many pixels at the top and at the left
            before they are compared, other numbers in each step.
        num_recent_steps: Number of steps in `recent_terms`.
        draw: A `StyleDraw` for a generator with conditions, whose styles are the
            style images of the loss; a `PaintingDraw` for one of any style, whose
            batches are pairs of crops and paintings; None: it has one style.

    Attributes:
        step: Number of steps done.
        names: Of the terms.
        recent_terms: `(num_recent_steps, len(names))`, the weighted terms of the last
            steps in the order of `names`, the newest last. Both are variables, so
            that checkpoints hold them, and a resumed training logs and judges by the
            same numbers as one that was not stopped.
    """

    def __init__(
        self,
        generator,
        perceptual_loss,
        *,
        loss_jitter: int = 0,
        num_recent_steps: int = 1,
        draw=None,
        **kwargs,
    ):
        # Checkpoints know variables by their path.
        super().__init__(**{"name": "style_trainer", **kwargs})
        self.loss_jitter = loss_jitter
        self.draw = draw
        # So that Keras finds what is trained beside the generator.
        self.predictor = getattr(draw, "predictor", None)
        self.generator = generator
        self.perceptual_loss = perceptual_loss
        self.names = perceptual_loss.names
        self.num_replicas = count_replicas()
        self.term_means = {term: keras.metrics.Mean(name=term) for term in self.names}
        # Not the optimizer's counter, which a model cannot read on JAX. Jitter and
        # noise depend on it, not on random numbers, for the sake of resumed runs.
        self.step = self.add_weight(
            shape=(),
            initializer="zeros",
            dtype="int",
            trainable=False,
            aggregation="only_first_replica",
            name="step",
        )
        self.recent_terms = self.add_weight(
            shape=(num_recent_steps, len(self.names)),
            initializer="zeros",
            dtype="float32",
            trainable=False,
            aggregation="mean",
            name="recent_terms",
        )
        self.built = True  # As the generator is; needed to resume.

    def set_rate_factor(self, factor: float) -> None:
        """Sets the factor of the learning rate from the next step on.

        Args:
            factor: Factor of the learning rate that the schedule gives.
        """
        if factor != self.optimizer.rate_factor:
            self.optimizer.rate_factor = factor
            self.make_train_function(force=True)

    def call(self, batch, training=False):
        inputs, paintings = _split(batch)
        if self.draw is not None:
            shares = self.draw.draw_shares(self.step, inputs, paintings)
            inputs = [inputs, shares]
        if not training:
            return self.generator(inputs, training=False)
        with shifted_noise(self.generator, self._draw_offset()):
            return self.generator(inputs, training=True)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        del y, sample_weight  # The images are their own targets.
        options = {}
        x, paintings = _split(x)
        if self.draw is not None:  # As `call` drew: the step counts up behind it.
            options = self.draw.draw_targets(self.step, x, paintings)
        if training and self.loss_jitter:
            x, y_pred = self._cut(x), self._cut(y_pred)
        terms = self.perceptual_loss(content=x, stylized=y_pred, **options)
        if training:
            self._remember(terms)
        for term, value in terms.items():
            self.term_means[term].update_state(value)
        # Gradients of replicas are added up.
        return sum(terms.values()) / self.num_replicas

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        logs = super().compute_metrics(x, y, y_pred, sample_weight)
        if self.num_replicas == 1:
            return logs
        # Keras takes the mean along an axis, which a scalar does not have.
        return {name: ops.reshape(value, (1,)) for name, value in logs.items()}

    def _remember(self, terms):
        self.step.assign_add(1)
        newest = ops.stack([ops.cast(terms[term], "float32") for term in self.names])
        self.recent_terms.assign(
            ops.concatenate([self.recent_terms[1:], newest[None]], axis=0)
        )

    def _draw_offset(self):
        step = ops.cast(self.step, "int32") % 10_007
        # Primes, so that the tiles of noise meet differently in each step.
        return step * 7_919, step * 104_729

    def _cut(self, images):
        step = ops.cast(self.step, "int32")
        count = self.loss_jitter + 1
        batch, height, width, channels = ops.shape(images)
        start = (0, step % count, step // count % count, 0)
        size = (batch, height - self.loss_jitter, width - self.loss_jitter, channels)
        return ops.slice(images, start, size)


def _split(batch):
    """Returns crops and paintings, of which there are none where a batch is crops."""
    return batch if isinstance(batch, list | tuple) else (batch, None)
