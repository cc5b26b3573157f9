"""Metrics of a stylized picture that no loss was trained on.

Pictures are RGB `(H, W, 3)` in [0, 255]; photo and stylized picture have the same
size. `registry.py` lists them; docs/evaluation.md has the formulas once more.
"""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "METRICS": "registry",
        "gradient_similarity": "structure",
        "ssim": "structure",
        "patch_distance": "patches",
        "grid": "grid",
        "border": "border",
        "clipping": "clipping",
        "flat_texture": "flat_areas",
        "ringing": "flat_areas",
        "shift_difference": "shift",
    },
)
