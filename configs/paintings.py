"""Sixteen paintings in one network, with strength trained in, for two CPU cores.

A first recipe: after 1,100 steps the pictures have the paintings' colours, and not yet
their strokes. The terms are those of `deep.py`; the ImageNet weights of ResNet-50 are
downloaded once (95 MB), or the two terms on it read a file. With other paintings:

    python train.py --config=configs/paintings.py --workdir=runs/my_paintings \
        --config.style_images=my_paintings
"""

from fast_style.config import TrainConfig
from fast_style.config.loss_config import make_deep_terms


def get_config() -> TrainConfig:
    return TrainConfig(
        style_images=("data/styles",),
        min_style_weight=0.1,
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
        terms=make_deep_terms(),
        num_steps=6_000,
    )
