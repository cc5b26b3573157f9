"""The loss networks: one file per network, and `registry.py`, which lists them."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "NETWORKS": "registry",
        "find_smallest_side": "registry",
        "get_spec": "registry",
        "make_loss_network": "making",
    },
)
