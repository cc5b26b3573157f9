"""Portrait of Metzinger (Delaunay, 1906) on COCO photos, with VGG16's blocks 1-2.

Tried for 200 steps (`--config.num_steps=200`): 219 seconds on 2 cores of an AMD EPYC
(Zen 3, float32), start included, other work beside it. Weighted losses of the last
100: content 0.528, style 1.082, tv 0.023.
Seen: its colours, first dabs along edges.
All 7,000 steps take about what they took for starry_night.py, 76 minutes.

    python train.py --config=configs/delaunay_metzinger.py --workdir=runs/metzinger
"""

from fast_style.config import TrainConfig


def get_config() -> TrainConfig:
    return TrainConfig(
        style_image="data/styles/delaunay_metzinger.jpg",
        style_image_size=320,  # The file has no more.
        train_images="data/coco/train2017",
        coco_annotations="data/coco/annotations/instances_train2017.json",
    )
