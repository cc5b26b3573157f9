"""The Scream (Munch, 1893) on COCO photos, with VGG16's blocks 1-2.

LABNOTE

    python train.py --config=configs/the_scream.py --workdir=runs/the_scream
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/the_scream.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
        loss_network_weights="data/vgg16/vgg16_blocks_1_2.npz",
    )
