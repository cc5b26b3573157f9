import pytest

from fast_style.config.loss_terms import StyleTerm
from fast_style.config.paths import check_paths
from fast_style.config.train_config import TrainConfig
from fast_style.losses.networks.registry import NETWORKS


def make(tmp_path, **changes):
    (tmp_path / "style.jpg").touch()
    (tmp_path / "photos").mkdir(exist_ok=True)
    paths = {
        "style_image": str(tmp_path / "style.jpg"),
        "train_images": str(tmp_path / "photos"),
    }
    return TrainConfig(**{**paths, **changes})


def make_with_weights(tmp_path, network, weights):
    layer = next(iter(NETWORKS[network].layers))
    term = StyleTerm(network=network, layers=layer, network_weights=weights)
    return make(tmp_path, terms={"fine": StyleTerm(layers="relu1_1"), "a": term})


@pytest.mark.parametrize("network", NETWORKS)
def test_all_there_is_fine(tmp_path, network):
    for weights in ("", *NETWORKS[network].weights):
        check_paths(make_with_weights(tmp_path, network, weights))

    (tmp_path / "mine.npz").touch()
    weights = str(tmp_path / "mine.npz")
    check_paths(make_with_weights(tmp_path, network, weights))


@pytest.mark.parametrize(
    "name", ["style_image", "train_images", "coco_annotations", "sample_images"]
)
def test_a_missing_one_is_named(tmp_path, name):
    with pytest.raises(FileNotFoundError, match=f"`{name}` must be .* exists"):
        check_paths(make(tmp_path, **{name: "nowhere.npz"}))


@pytest.mark.parametrize(
    ("network", "weights"),
    [
        ("vgg16", "nowhere.npz"),
        ("pocket", "absent.npz"),
        ("pocket", "imagenet"),  # A name that only other networks know.
        ("resnet50", "bundled"),
    ],
)
def test_missing_weights_are_named_with_their_term(tmp_path, network, weights):
    config = make_with_weights(tmp_path, network, weights)

    with pytest.raises(
        FileNotFoundError,
        match=rf"`terms.a.network_weights` must be a file.*='{weights}'",
    ):
        check_paths(config)


def test_paintings_are_pictures_or_folders(tmp_path):
    painting, folder = tmp_path / "a.png", tmp_path / "paintings"
    folder.mkdir()
    options = {"style_image": "", "style_images": (str(painting), str(folder))}

    with pytest.raises(FileNotFoundError, match=r"`style_images` must be.*a\.png"):
        check_paths(make(tmp_path, **options))

    painting.touch()
    check_paths(make(tmp_path, **options))


def test_nor_are_empty_train_images_when_photos_are_read(tmp_path):
    (tmp_path / "style.jpg").touch()
    # Who gives crops of their own to a trainer has no folder.
    config = TrainConfig(style_image=str(tmp_path / "style.jpg"), train_images="")

    with pytest.raises(ValueError, match=r"`train_images` must be a path\."):
        check_paths(config)
