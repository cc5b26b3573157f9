"""The recipe for a machine with a GPU: larger crops and batches, and ResNet-50 too.

The default loss with a further style term on ResNet-50 and its content by ResNet-50,
whose ImageNet weights Keras downloads once (95 MB). Meant for all of COCO and for one
GPU with 16 GB or more; `precision="auto"` is bfloat16 there, and the step is compiled
by XLA. Set the painting on the command line:

    python train.py --config=configs/gpu.py --workdir=runs/my_style \
        --config.style_image=my_painting.jpg

Not run as it is here, as no GPU and no download were at hand: two steps on a CPU with
random weights, crops of 128 pixels and a batch of 2 went through.
"""

from fast_style.config import StyleTerm
from fast_style.config import TrainConfig
from fast_style.config.loss_config import make_default_terms


def get_config() -> TrainConfig:
    terms = make_default_terms()
    terms["motifs"].weight = 1.5
    terms["resnet"] = StyleTerm(
        network="resnet50",
        layers=("layer1.2", "layer2.1", "layer2.3", "layer3.1", "layer3.3"),
        temperature=1.5,
        weight=1.5,
    )
    return TrainConfig(
        style_image="data/styles/great_wave.jpg",
        style_image_size=768,
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
        terms=terms,
        image_size=384,
        batch_size=8,
        num_steps=10_000,
        sample_every_steps=500,
    )
