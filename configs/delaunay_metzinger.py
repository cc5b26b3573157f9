"""Portrait of Metzinger (Delaunay, 1906) on COCO photos.

Only the defaults and the painting's own size; docs/recipe.md has the results for
this painting.

    python train.py --config=configs/delaunay_metzinger.py --workdir=runs/metzinger
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/delaunay_metzinger.jpg",
        style_image_size=320,  # The size of the file.
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
