"""Two steps on 32 pixels, to test that everything runs, not how it looks.

Content and style images are drawn by our own code, and the loss network has random
weights; nothing is downloaded. Takes a few seconds on two CPU cores, most of them for
TensorFlow's start-up.

    python train.py --config=configs/smoke.py --workdir=runs/smoke
"""

from fast_style import samples
from fast_style.config import ContentTerm
from fast_style.config import StyleTerm
from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    network = {"network": "vgg16", "network_weights": "random"}
    return TrainConfig(
        style_image=str(samples.STYLE_IMAGE),
        style_image_size=64,
        train_images=str(samples.FOLDER),
        image_size=32,
        batch_size=2,
        num_steps=2,
        generator="tiny",
        terms={
            "content": ContentTerm(**network, layers=("relu2_1",), levels=(0.0, 1.0)),
            "style": StyleTerm(
                **network, layers=("relu1_1", "relu2_1"), levels=(0.5, 0.5)
            ),
        },
        loss_jitter=3,
        precision="float32",  # The same numbers on every machine.
        warmup_steps=0,
        sample_image_size=64,
        log_every_steps=1,
        sample_every_steps=2,
    )
