"""The losses: terms, statistics, pyramid, loss networks, and all of it together."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "content_loss": "terms",
        "style_loss": "terms",
        "total_variation_loss": "terms",
        "channel_statistics": "statistics",
        "gram_matrix": "statistics",
        "gaussian_pyramid": "pyramid",
        "PerceptualLoss": "perceptual",
        "make_networks": "making",
        "make_perceptual_loss": "making",
        "smooth": "statistics",
    },
)
