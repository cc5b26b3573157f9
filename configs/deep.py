"""The recipe of the bundled styles: ResNet-50 beside SqueezeNet, for two CPU cores.

A step takes half as long again as the default one, and more of the photo is kept at the
same style. Set the painting on the command line. Keras downloads the ImageNet weights
of ResNet-50 once (95 MB), or the two terms on it read a file:

    python train.py --config=configs/deep.py --workdir=runs/my_style \
        --config.style_image=my_painting.jpg \
        --config.terms.resnet.network_weights=resnet50.npz \
        --config.terms.shapes.network_weights=resnet50.npz
"""

from fast_style.config import TrainConfig
from fast_style.config.loss_config import make_deep_terms


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/great_wave.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
        terms=make_deep_terms(),
        num_steps=1_500,
    )
