"""Composition VII (Kandinsky, 1913) on COCO photos, with VGG16's blocks 1-2.

Tried for 200 steps (`--config.num_steps=200`): 177 seconds on 2 cores of an AMD EPYC
(Zen 3, float32), start included, other work beside it. Weighted losses of the last
100: content 0.485, style 1.063, tv 0.022.
Seen: its colours in patches with sharp edges.
All 7,000 steps take about what they took for starry_night.py, 76 minutes.

    python train.py --config=configs/composition_vii.py --workdir=runs/composition_vii
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/composition_vii.jpg",
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
