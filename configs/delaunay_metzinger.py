"""Portrait of Metzinger (Delaunay, 1906) on COCO photos.

Nothing but the defaults and the painting's own size; docs/recipe.md has what they
give for it.

    python train.py --config=configs/delaunay_metzinger.py --workdir=runs/metzinger
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/delaunay_metzinger.jpg",
        style_image_size=320,  # The file has no more.
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
