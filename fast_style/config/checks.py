"""Checks that all config classes share."""

import math

from fast_style.io.files import check_path

# A side beyond this is a slip of the finger: it would take terabytes of memory.
MAX_IMAGE_SIZE = 16_384
MAX_SEED = 2**32 - 1  # Of NumPy.


def check_choices(config, choices: dict[str, tuple[str, ...]]) -> None:
    """Checks that fields have one of the values that they may have.

    Args:
        config: What to check.
        choices: Dict from field to the values allowed.

    Raises:
        ValueError: If one has another.
    """
    for name, allowed in choices.items():
        if (value := getattr(config, name)) not in allowed:
            raise ValueError(
                f"`{name}` must be one of {', '.join(allowed)}. "
                f"Received: {name}={value!r}"
            )


def check_numbers(config, smallest: dict[str, float]) -> None:
    """Checks that fields are finite and not too small.

    Args:
        config: What to check; fields may be numbers or tuples of some.
        smallest: Dict from field to the least value allowed.

    Raises:
        ValueError: If one is smaller.
    """
    for name, minimum in smallest.items():
        value = getattr(config, name)
        for number in value if isinstance(value, tuple) else (value,):
            if not (number >= minimum and math.isfinite(number)):
                raise ValueError(
                    f"`{name}` must be at least {minimum} and finite. "
                    f"Received: {name}={number!r}"
                )


def check_largest(config, largest: dict[str, int]) -> None:
    """Checks that fields are not too large.

    Args:
        config: What to check.
        largest: Dict from field to the largest value allowed.

    Raises:
        ValueError: If one is larger.
    """
    for name, maximum in largest.items():
        if (value := getattr(config, name)) > maximum:
            raise ValueError(
                f"`{name}` must be at most {maximum}. Received: {name}={value!r}"
            )


def check_learning_rate(learning_rate: float) -> None:
    """Checks that a learning rate is positive and finite.

    Raises:
        ValueError: If not.
    """
    if not (learning_rate > 0 and math.isfinite(learning_rate)):
        raise ValueError(
            "`learning_rate` must be above 0 and finite. "
            f"Received: learning_rate={learning_rate!r}"
        )


def check_not_empty(config, names: tuple[str, ...]) -> None:
    """Checks that fields with paths name something.

    An empty path would otherwise be taken as the current folder.

    Raises:
        ValueError: If one is empty.
    """
    for name in names:
        check_path(name, getattr(config, name))
