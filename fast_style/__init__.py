"""Feed-forward style transfer: train a style, stylize any picture, export it.

Names are loaded when they are first used, so that `import fast_style` is quick.
"""

from fast_style import lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "LossConfig": "config.loss_config",
        "TrainConfig": "config.train_config",
        "build_generator": "models.generator",
        "load_generator": "models.saving",
        "save_generator": "models.saving",
        "list_collections": "models.catalog",
        "list_styles": "models.catalog",
        "PerceptualLoss": "losses.perceptual",
        "StyleTerm": "config.loss_terms",
        "ContentTerm": "config.loss_terms",
        "make_perceptual_loss": "losses.making",
        "Stylizer": "inference.stylizer",
        "load_style": "inference.stylizer",
        "stylize": "inference.stylizing",
        "export_style": "inference.export",
        "make_trainer": "training.making",
        "train": "training.run",
        "optimize": "iterative.optimization",
        "evaluate": "evaluation.evaluation",
    },
)
__all__ += ["__version__"]
