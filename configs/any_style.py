"""A network that paints like any picture, for two CPU cores.

The bundled `any` was made so, but by an earlier loss, with two of the paintings kept
aside. The more pictures `style_images` has, the better it knows others:

    python train.py --config=configs/any_style.py --workdir=runs/any \
        --config.style_images=my_paintings
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        generator="arbitrary",
        style_images=("data/styles", "data/more_styles"),
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
        init_from="paintings16",
        batch_size=4,
        min_style_weight=0.3,
        num_steps=1_500,
        # With more it loses what it begins with.
        learning_rate=2e-3,
        # Of what cannot be seen in a painting little is painted: more would be less.
        content_weight=0.5,
        ema_momentum=0.99,
    )
