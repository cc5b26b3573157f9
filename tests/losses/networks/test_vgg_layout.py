import pytest

from fast_style.losses.networks.vgg_layout import convolutions_up_to
from fast_style.losses.networks.vgg_layout import list_convolutions
from fast_style.losses.networks.vgg_layout import list_kernels


@pytest.mark.parametrize(
    ("name", "counts"), [("vgg16", (2, 2, 3, 3, 3)), ("vgg19", (2, 2, 4, 4, 4))]
)
def test_convolutions_are_those_of_the_paper(name, counts):
    convolutions = list_convolutions(name)

    places = [
        (block, number)
        for block, count in enumerate(counts, start=1)
        for number in range(1, count + 1)
    ]
    assert [(c.block, c.number) for c in convolutions] == places
    filters = (64, 128, 256, 512, 512)
    assert [c.filters for c in convolutions] == [filters[b - 1] for b, _ in places]


class TestConvolutionsUpTo:
    def test_of_vgg19_go_deeper(self):
        convolutions = convolutions_up_to("vgg19", ("relu3_4",))

        assert convolutions[-1].name == "block3_conv4"
        assert len(convolutions) == 8

    def test_are_the_same_before_the_relu_and_after_it(self):
        before = convolutions_up_to("vgg16", ("conv2_1", "relu1_1"))
        after = convolutions_up_to("vgg16", ("relu2_1",))

        assert before == after
        assert [c.name for c in after] == [
            "block1_conv1",
            "block1_conv2",
            "block2_conv1",
        ]


def test_each_kernel_takes_the_channels_of_the_one_before():
    kernels = list_kernels(convolutions_up_to("vgg16", ("relu3_1",)))

    assert kernels == {
        "block1_conv1": (3, 3, 3, 64),
        "block1_conv2": (3, 3, 64, 64),
        "block2_conv1": (3, 3, 64, 128),
        "block2_conv2": (3, 3, 128, 128),
        "block3_conv1": (3, 3, 128, 256),
    }
