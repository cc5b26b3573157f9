import pytest

from fast_style.config.optimize_config import OptimizeConfig


def test_the_defaults_are_possible():
    assert OptimizeConfig().method == "lbfgs"


@pytest.mark.parametrize(
    "options",
    [
        {"method": "newton"},
        {"num_steps": 0},
        {"image_size": -1},
        {"image_size": 1_000_000},
        {"style_image_size": 1_000_000},
        {"learning_rate": 0.0},
        {"epsilon": -1.0},
        {"noise_deviation": -1.0},
        {"beta_1": -0.1},
        {"seed": -1},
        {"style_weight": -1.0},
    ],
    ids=str,
)
def test_impossible_values_are_refused_by_name(options):
    with pytest.raises(ValueError, match=f"`{next(iter(options))}`"):
        OptimizeConfig(**options)


def test_terms_of_the_loss_are_checked_too():
    terms = {"style": {"kind": "style", "layers": ("relu9_9",)}}

    with pytest.raises(ValueError, match=r"^`terms.style`: `layers` must be layers of"):
        OptimizeConfig(terms=terms)
