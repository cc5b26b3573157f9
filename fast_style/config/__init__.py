"""All that decides how a picture or a training comes out, checked."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "LossConfig": "loss_config",
        "StyleTerm": "loss_terms",
        "ContentTerm": "loss_terms",
        "TrainConfig": "train_config",
        "OptimizeConfig": "optimize_config",
        "from_json": "serialization",
        "to_json": "serialization",
        "list_configs": "config_files",
        "read_config": "config_files",
    },
)
