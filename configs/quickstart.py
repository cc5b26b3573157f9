"""A style in two minutes, from nothing but what pip installs.

PLACEHOLDER

    python train.py --config=configs/quickstart.py --workdir=runs/quickstart
"""

from fast_style import samples
from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image=str(samples.STYLE_IMAGE),
        style_image_size=384,
        train_images=str(samples.find_sample_photos()),
        min_image_size=200,  # Leaves out the icons among scikit-image's pictures.
        image_size=96,
        min_crop_scale=0.3,
        batch_size=2,
        num_steps=400,
        generator="tiny",
        # Nothing is downloaded; the docs say what random weights can do.
        loss_network_weights="random",
        style_layers=("relu1_1", "relu1_2", "relu2_1", "relu2_2"),
        content_layers=("relu2_2",),
        content_levels=(0.0, 0.5, 0.5),
        pyramid_levels=4,
        style_weight=5.0,
        tv_weight=0.05,
        learning_rate=3e-3,
        log_every_steps=50,
        sample_every_steps=100,
    )
