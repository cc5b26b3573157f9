"""The Scream (Munch, 1893) on COCO photos, with VGG16's blocks 1-2.

Tried for 200 steps (`--config.num_steps=200`): 129 seconds on 2 cores of an AMD EPYC
(Zen 3, float32), start included, other work beside it. Weighted losses of the last
100: content 0.431, style 0.719, tv 0.016.
Seen: its reds and greens in broad bands, no strokes yet.
All 7,000 steps take about what they took for starry_night.py, 76 minutes.

    python train.py --config=configs/the_scream.py --workdir=runs/the_scream
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/the_scream.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
