import numpy as np
import pytest

from fast_style.cli.app import main
from fast_style.io.images import load_resized
from fast_style.io.saving import save_image
from fast_style.losses.networks.pocket import load_pocket
from fast_style.losses.networks.pocket import POCKET_LAYERS
from fast_style.losses.networks.vgg_layout import list_convolutions
from fast_style.losses.networks.vgg_weights import load_weights
from fast_style.samples import find_sample_photos
from fast_style.training.distillation import distill
from fast_style.training.distillation import feature_errors


@pytest.fixture
def vgg16_path(tmp_path):
    arrays = {}
    shallow = [c for c in list_convolutions("vgg16") if c.block <= 2]
    for name, (kernel, bias) in load_weights("random", shallow).items():
        arrays |= {f"{name}/kernel": kernel, f"{name}/bias": bias}
    np.savez(tmp_path / "vgg.npz", **arrays)
    return tmp_path / "vgg.npz"


@pytest.fixture
def photos(tmp_path):
    """Twenty small pieces of a photo, which are read quickly."""
    photo = load_resized(find_sample_photos() / "coffee.png", 0)
    for number in range(20):
        top, left = 60 * (number // 5), 100 * (number % 5)
        piece = photo[top : top + 100, left : left + 100]
        save_image(piece, tmp_path / "photos" / f"{number:02d}.png")
    return tmp_path / "photos"


@pytest.mark.slow
class TestDistill:
    def test_lowers_the_error_and_writes_a_network_that_loads(
        self, photos, vgg16_path, tmp_path
    ):
        output = tmp_path / "new" / "pocket.npz"
        options = {"vgg16_weights": vgg16_path, "image_size": 32}

        before, after = (
            distill(photos, output, num_steps=steps, num_held_out=2, **options)
            for steps in (1, 100)
        )

        assert set(after) == set(POCKET_LAYERS)
        assert sum(after.values()) < 0.7 * sum(before.values())
        images = np.full((1, 16, 16, 3), 99, "float32")
        assert load_pocket(output)(images, ("relu2_2",))["relu2_2"].shape[-1] == 128

    def test_the_command_says_what_is_missed(
        self, photos, vgg16_path, tmp_path, capsys
    ):
        output = tmp_path / "pocket.npz"

        code = main(
            [
                "distill",
                f"--photos={photos}",
                f"--output={output}",
                f"--vgg16_weights={vgg16_path}",
                "--num_steps=1",
            ]
        )

        assert code == 0
        assert (
            f"{output} misses, on held-out photos: relu1_1" in capsys.readouterr().out
        )
        assert output.is_file()

    def test_needs_photos(self, tmp_path):
        with pytest.raises(ValueError, match="more than `num_held_out` pictures"):
            distill(tmp_path, tmp_path / "new" / "pocket.npz")

        assert not (tmp_path / "new").exists()

    @pytest.mark.parametrize(
        ("output", "num_held_out", "message"),
        [("pocket.npz", 0, "at least 1"), (".", 2, "`output` must be a file")],
    )
    def test_what_would_fail_in_the_end_is_refused_at_once(
        self, photos, tmp_path, output, num_held_out, message
    ):
        with pytest.raises(ValueError, match=message):
            distill(photos, tmp_path / output, num_held_out=num_held_out)

    def test_errors_are_relative_to_the_spread(self, rng):
        target = rng.normal(3, 2, (2, 8, 8, 4)).astype("float32")

        errors = feature_errors(
            {
                "equal": target,
                "mean": np.broadcast_to(target.mean((0, 1, 2)), target.shape),
            },
            {"equal": target, "mean": target},
        )

        assert float(errors["equal"]) == 0
        assert float(errors["mean"]) == pytest.approx(1, rel=1e-4)
