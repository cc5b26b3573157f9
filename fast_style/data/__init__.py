"""The photos that a training can use, and crops of them."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "list_images": "photos",
        "list_photos": "photos",
        "load_samples": "samples",
        "Photos": "photo_scan",
        "find_photos": "photo_scan",
        "load_entries": "coco",
        "download_coco": "coco_download",
        "load_crop": "crops",
        "make_dataset": "dataset",
    },
)
