"""The Starry Night (van Gogh, 1889) on COCO photos.

Only the defaults; docs/recipe.md has the results for this painting.

    python train.py --config=configs/starry_night.py --workdir=runs/starry_night
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/starry_night.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
