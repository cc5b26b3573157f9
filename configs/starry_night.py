"""The Starry Night (van Gogh, 1889) on 128 COCO photos, with VGG16's blocks 1-2.

    python train.py --config=configs/starry_night.py --workdir=runs/starry_night
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/starry_night.jpg",
        style_image_size=512,
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
        image_size=128,
        min_crop_scale=0.3,
        batch_size=2,
        num_steps=7_000,
        generator="fast",
        loss_network_weights="data/vgg16/vgg16_blocks_1_2.npz",
        style_layers=("relu1_1", "relu1_2", "relu2_1", "relu2_2"),
        content_layers=("relu2_2",),
        content_levels=(0.0, 0.5, 0.5),
        pyramid_levels=4,
        style_weight=5.0,
        tv_weight=0.05,
        learning_rate=1.5e-3,
        warmup_steps=50,
        log_every_steps=100,
        sample_every_steps=200,
    )
