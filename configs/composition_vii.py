"""Composition VII (Kandinsky, 1913) on COCO photos.

Only the defaults; docs/recipe.md has the results for this painting.

    python train.py --config=configs/composition_vii.py --workdir=runs/composition_vii
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/composition_vii.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
