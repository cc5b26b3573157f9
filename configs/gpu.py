"""The recipe for a machine with a GPU: larger crops and batches, and ResNet-50 too.

The terms of the bundled styles: those of the default loss, and a style term and a
content term on ResNet-50, whose ImageNet weights Keras downloads once (95 MB). Meant
for all of COCO and for one GPU with 16 GB or more; `precision="auto"` is bfloat16
there, and the step is compiled by XLA. Set the painting on the command line:

    python train.py --config=configs/gpu.py --workdir=runs/my_style \
        --config.style_image=my_painting.jpg

Not run as it is here, as no GPU and no download were at hand: two steps on a CPU with
random weights, crops of 128 pixels and a batch of 2 went through.
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
