"""Johnson et al. as they did it: their formulas, layers, weights and schedule.

For comparison with the paper, https://arxiv.org/abs/1603.08155. Numbers that the
paper does not give are those of the authors' `train.lua`
(https://github.com/jcjohnson/fast-neural-style); docs/method.md has a table.
Needs the ImageNet weights of VGG16 up to relu4_3, which Keras downloads (59 MB),
and is meant for all 118,287 photos of COCO and a GPU.

Tried for 8 steps only, with random weights, as the download was not available, on 2
cores of an AMD EPYC (Zen 3, float32): it runs, at several seconds per step. Time and
losses of a whole training with ImageNet weights are not known.

    python train.py --config=configs/johnson2016.py --workdir=runs/johnson2016
"""

from fast_style.config import ContentTerm
from fast_style.config import StyleTerm
from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    network = {"network": "vgg16", "network_weights": "imagenet", "padding": "zeros"}
    return TrainConfig(
        style_image="data/styles/starry_night.jpg",
        style_image_size=256,
        train_images="data/coco/train2017",
        image_size=256,
        min_crop_scale=1.0,  # They squash whole photos; we crop squares instead.
        batch_size=4,
        num_steps=40_000,
        generator="johnson",
        loss_jitter=0,
        terms={
            # The paper has relu2_2, their code this.
            "content": ContentTerm(**network, layers=("relu3_3",)),
            "style": StyleTerm(
                **network,
                layers=("relu1_2", "relu2_2", "relu3_3", "relu4_3"),
                layer_weights=(1.0, 1.0, 1.0, 1.0),
                statistics="gram",
                distance="squared",
            ),
        },
        scaling="johnson2016",
        content_weight=1.0,
        style_weight=5.0,
        # Theirs is 1e-6 times half the sum of squares over a batch of 4 images; ours
        # multiplies the whole sum of squares, averaged over the images.
        tv_weight=2e-6,
        optimizer="adam",
        learning_rate=1e-3,
        learning_rate_schedule="constant",
        warmup_steps=0,
        global_clipnorm=0.0,  # They do not clip, and their loss has another scale.
        # Squared Gram matrices vary far more from photo to photo than our terms.
        divergence_threshold=10.0,
    )
