"""Files, images, plots and progress: what touches the disk and the screen."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "check_path": "files",
        "check_writable": "files",
        "replacing": "files",
        "remove_temporaries": "files",
        "array_to_images": "arrays",
        "images_to_array": "arrays",
        "to_uint8": "arrays",
        "IMAGE_SUFFIXES": "picture_formats",
        "check_image_path": "saving",
        "load_image": "images",
        "load_resized": "images",
        "open_image": "images",
        "save_image": "saving",
        "make_contact_sheet": "contact_sheets",
        "read_history": "history",
        "write_history": "history",
        "plot_losses": "plots",
        "ProgressBar": "progress",
        "format_losses": "progress",
        "StopSignal": "signals",
    },
)
