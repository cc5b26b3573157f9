"""The Great Wave off Kanagawa (Hokusai, 1831) on COCO photos, with VGG16's blocks 1-2.

Tried for 200 steps (`--config.num_steps=200`): 156 seconds on 2 cores of an AMD EPYC
(Zen 3, float32), start included, other work beside it. Weighted losses of the last
100: content 0.411, style 0.949, tv 0.025.
Seen: paper-coloured sky, blue outlines, first ripples.
All 7,000 steps take about what they took for starry_night.py, 76 minutes.

    python train.py --config=configs/great_wave.py --workdir=runs/great_wave
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/great_wave.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
