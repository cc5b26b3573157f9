"""The recipe for a machine with a GPU: larger crops and batches.

Meant for all of COCO and for one GPU with 16 GB or more; `precision="auto"` is bfloat16
there, and the step is compiled by XLA. Set the painting on the command line:

    python train.py --config=configs/gpu.py --workdir=runs/my_style \
        --config.style_image=my_painting.jpg

Not run as it is here, as no GPU was at hand.
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/great_wave.jpg",
        style_image_size=768,
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
        image_size=384,
        batch_size=8,
        num_steps=10_000,
        sample_every_steps=500,
    )
