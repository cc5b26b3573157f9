"""The Great Wave off Kanagawa (Hokusai, 1831) on COCO photos.

Only the defaults; docs/recipe.md has the results for this painting.

    python train.py --config=configs/great_wave.py --workdir=runs/great_wave
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/great_wave.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
