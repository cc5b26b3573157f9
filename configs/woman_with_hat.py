"""Woman with a Hat (Matisse, 1905) on COCO photos.

Only the defaults.

    python train.py --config=configs/woman_with_hat.py --workdir=runs/woman_with_hat
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/woman_with_hat.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
