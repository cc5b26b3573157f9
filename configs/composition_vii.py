"""Composition VII (Kandinsky, 1913) on COCO photos.

Nothing but the defaults; docs/recipe.md has what they give for this painting.

    python train.py --config=configs/composition_vii.py --workdir=runs/composition_vii
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/composition_vii.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
