"""By which layers deep networks judge a style.

To add a judge, add its entry here; its network is in the registry of loss networks.
No bundled style is trained on SqueezeNet, ResNet-50 or VGG19, so that there are judges
which it was not made to please.
"""

import dataclasses

from fast_style.config.loss_terms import StyleTerm


@dataclasses.dataclass(frozen=True, kw_only=True)
class JudgeSpec:
    """What a network judges by.

    Attributes:
        style: The term whose distance is that of the style, at full resolution. Its
            padding is the network's, for the content too.
        content_layers: Layers by whose activations the content is compared.
    """

    style: StyleTerm
    content_layers: tuple[str, ...]


JUDGES = {
    "squeezenet": JudgeSpec(
        style=StyleTerm(
            network="squeezenet", layers=("fire4", "fire5", "fire6", "fire7", "fire8")
        ),
        content_layers=("fire5", "fire8"),
    ),
    "resnet50": JudgeSpec(
        style=StyleTerm(
            network="resnet50",
            layers=("layer1.2", "layer2.1", "layer2.3", "layer3.1", "layer3.3"),
            temperature=3.0,
        ),
        content_layers=("layer2.2", "layer3.0"),
    ),
    "vgg19": JudgeSpec(
        style=StyleTerm(
            network="vgg19",
            layers=("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"),
            padding="zeros",
        ),
        content_layers=("relu3_1", "relu4_2"),
    ),
    "vgg16": JudgeSpec(
        style=StyleTerm(
            network="vgg16",
            layers=("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"),
        ),
        content_layers=("relu3_1", "relu4_2"),
    ),
}
