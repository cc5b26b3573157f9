"""The Scream (Munch, 1893) on COCO photos.

Only the defaults; docs/recipe.md has the results for this painting.

    python train.py --config=configs/the_scream.py --workdir=runs/the_scream
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/the_scream.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
