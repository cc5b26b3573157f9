"""A painting that is not here is judged by what is stored of it."""

import pytest

from fast_style import samples
from fast_style.evaluation.judge_networks import load_judge
from fast_style.evaluation.judge_specs import JUDGES
from fast_style.evaluation.judges import Judge
from fast_style.evaluation.measured_paintings import get_style_image
from fast_style.evaluation.measured_paintings import get_surface
from fast_style.evaluation.measured_paintings import MeasuredPainting
from fast_style.evaluation.measured_paintings import read_painting
from fast_style.evaluation.measured_paintings import write_painting
from fast_style.evaluation.metrics.computing import compute_metrics
from fast_style.io.images import load_resized
from fast_style.losses.networks.making import make_loss_network


@pytest.fixture(scope="module")
def painting():
    return load_resized(samples.STYLE_IMAGE, 160)


@pytest.fixture(scope="module", params=["vgg19", "resnet50"])
def judge_network(request):
    return load_judge(request.param, "random")


@pytest.fixture(scope="module")
def stored(painting, judge_network, tmp_path_factory):
    path = tmp_path_factory.mktemp("stored") / "strokes.npz"
    term = JUDGES[judge_network.name].style
    write_painting(painting, [], [(term, judge_network)], path)
    assert path.stat().st_size < 1_000_000
    return read_painting(path)


def test_judges_see_what_they_see_of_the_painting(painting, stored, judge_network):
    photo = load_resized(samples.CONTENT_IMAGE, 96)
    stylized = load_resized(samples.STYLE_IMAGE, 400)[: len(photo), : photo.shape[1]]

    for image in (photo, stylized):
        expected, actual = (
            Judge(judge_network.name, get_style_image(each), judge_network).compare(
                photo, image
            )
            for each in (painting, stored)
        )
        assert actual["style"] == pytest.approx(expected["style"], rel=0.04)
        assert actual["content"] == expected["content"]


def test_metrics_see_its_surface(painting, stored):
    photo = load_resized(samples.CONTENT_IMAGE, 96)

    expected, actual = (
        compute_metrics(photo=photo, stylized=photo, painting=get_surface(each))
        for each in (painting, stored)
    )

    for name, value in expected.items():
        assert actual[name] == pytest.approx(value, rel=0.01, nan_ok=True), name
    values = get_surface(painting).values
    assert get_surface(stored).values == pytest.approx(values)


def test_a_painting_with_pixels_is_its_own_style_image(painting, stored):
    assert get_style_image(painting) is painting
    assert isinstance(stored, MeasuredPainting)
    assert get_style_image(stored).shape == painting.shape


def test_another_network_needs_the_painting(stored):
    layers = ("relu1_1",)
    network = make_loss_network("vgg16", layers, weights="random")
    with pytest.raises(ValueError, match="Name the painting with `style_image`"):
        get_style_image(stored).find_statistics(network, *layers, 0, 0.0)
