"""Composition (Mondrian, about 1913) on COCO photos.

Only the defaults.

    python train.py --config=configs/mondrian_composition.py --workdir=runs/mondrian
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/mondrian_composition.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
