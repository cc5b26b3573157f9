"""What a config says of the styles that are trained: checks, and factors."""

import math

from fast_style.config.checks import check_not_empty
from fast_style.models.architectures import ARBITRARY


def check_styles(config) -> None:
    """Checks the fields of a `TrainConfig` that are about styles.

    Args:
        config: The config.

    Raises:
        ValueError: If they do not fit together.
    """
    if config.generator == ARBITRARY and not config.style_images:
        raise ValueError(
            "`style_images` must name pictures, or folders of them, from which "
            f"generator={ARBITRARY!r} learns. Received: style_images=()"
        )
    if not config.style_images:
        check_not_empty(config, ("style_image",))
    elif config.style_image:
        raise ValueError(
            "Either `style_image` or `style_images` must be given. Received: "
            f"style_image={config.style_image!r}, style_images={config.style_images!r}"
        )
    if read_style_factors(config.style_factors) and (
        config.generator == ARBITRARY or not config.style_images
    ):
        raise ValueError(
            "`style_factors` is for `style_images` that keep their names. Received: "
            f"style_factors={config.style_factors!r}; set `style_weight`"
        )
    if config.min_style_weight >= max(config.style_weight, 1e-9):
        raise ValueError(
            "`min_style_weight` must be below `style_weight`. Received: "
            f"min_style_weight={config.min_style_weight}, "
            f"style_weight={config.style_weight}"
        )


def read_style_factors(factors: tuple[str, ...]) -> dict[str, float]:
    """Returns factors by the names of style images.

    Args:
        factors: Such as `("wave:1.5", "night:0.8")`.

    Raises:
        ValueError: If one is not a name and a number above 0, or a name comes twice.
    """
    found = {}
    for text in factors:
        name, _, number = text.rpartition(":")
        try:
            factor = float(number)
        except ValueError:
            factor = math.nan
        if not name or name in found or not 0 < factor < math.inf:
            raise ValueError(
                "`style_factors` must be different names, each with a factor above 0, "
                f"such as wave:1.5,night:0.8. Received: style_factors={factors!r}"
            )
        found[name] = factor
    return found


def list_style_factors(factors: tuple[str, ...], names: tuple[str, ...]) -> list[float]:
    """Returns the factor of each style image, 1 where none is given.

    Args:
        factors: As in `read_style_factors`.
        names: Of the style images.

    Raises:
        ValueError: If one is of another name.
    """
    found = read_style_factors(factors)
    unknown = [name for name in found if name not in names]
    if unknown:
        raise ValueError(
            f"`style_factors` must be of {', '.join(names)}. "
            f"Received: {', '.join(map(repr, unknown))}. Without any: "
            "style_factors=(), or `--config.style_factors=`"
        )
    return [found.get(name, 1.0) for name in names]
