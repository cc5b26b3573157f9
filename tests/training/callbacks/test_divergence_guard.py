import numpy as np
import pytest

from fast_style.training.callbacks.divergence_guard import DivergenceGuard
from fast_style.training.divergence import DivergenceError

STEPS = {"num_steps": 20, "num_steps_done": 0}


class TestDivergenceGuard:
    def test_lets_good_steps_pass(self, take_steps, trainer):
        take_steps(DivergenceGuard(2.0, **STEPS), trainer, 1, 20, style=1.0)

    def test_raises_in_the_step_that_leaps(self, take_steps, trainer):
        guard = DivergenceGuard(2.0, **STEPS)
        take_steps(guard, trainer, 1, 23, style=1.0)

        with pytest.raises(DivergenceError, match=r"was 2\.2 times the") as raised:
            take_steps(guard, trainer, 24, 24, style=11.0)

        assert raised.value.step == 24

    def test_says_which_of_many_terms_it_was(self, take_steps, make_trainer):
        trainer = make_trainer("content", "outlines", "strokes", "motifs", "tv")
        guard = DivergenceGuard(2.0, **STEPS)
        take_steps(guard, trainer, 1, 23, strokes=0.5, motifs=0.5)

        with pytest.raises(DivergenceError, match="most of it came from the motifs"):
            take_steps(guard, trainer, 24, 24, strokes=1.0, motifs=11.0)

    def test_raises_at_a_gradient_that_is_no_number(self, take_steps, trainer):
        trainer.optimizer.gradient_norm.assign(np.inf)

        with pytest.raises(DivergenceError, match="gradient's norm was inf"):
            take_steps(DivergenceGuard(2.0, **STEPS), trainer, 1, 1)
