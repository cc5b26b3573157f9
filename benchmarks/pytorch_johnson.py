"""The plain PyTorch loop that trainings are compared with.

Johnson et al.'s network with instance normalization and resize-convolutions, against
VGG16 up to relu4_3, through which the photos go as a whole too: what most repositories
of the field do, written anew and no slower than theirs. Random weights; they cost the
same.

TensorFlow and `torch.compile` cannot live in one process (each brings its own LLVM), so
`benchmarks/training.py` starts this file, which takes a step for each line it reads:

    python benchmarks/pytorch_johnson.py --is_compiled --has_autocast
"""

import argparse
import sys

import torch
from torch import nn
import torch.nn.functional as F

# Filters of VGG16's convolutions by block, up to relu4_3.
_BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512))
# The last ReLU of blocks 1 and 2, and the third of blocks 3 and 4, are compared.
_CONTENT_BLOCK = 2


class _Convolution(nn.Module):
    def __init__(self, channels, filters, kernel_size, stride=1, *, is_last=False):
        super().__init__()
        self.padding = nn.ReflectionPad2d(kernel_size // 2)
        self.convolution = nn.Conv2d(channels, filters, kernel_size, stride)
        self.norm = None if is_last else nn.InstanceNorm2d(filters, affine=True)

    def forward(self, x):
        x = self.convolution(self.padding(x))
        return x if self.norm is None else self.norm(x)


class _Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = _Convolution(channels, channels, 3)
        self.second = _Convolution(channels, channels, 3)

    def forward(self, x):
        return x + self.second(F.relu(self.first(x)))


class Generator(nn.Module):
    """`johnson`: 32-64-128 filters, 5 residual blocks."""

    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList(
            [
                _Convolution(3, 32, 9),
                _Convolution(32, 64, 3, 2),
                _Convolution(64, 128, 3, 2),
            ]
        )
        self.blocks = nn.Sequential(*(_Residual(128) for _ in range(5)))
        self.up = nn.ModuleList([_Convolution(128, 64, 3), _Convolution(64, 32, 3)])
        self.last = _Convolution(32, 3, 9, is_last=True)

    def forward(self, x):
        for convolution in self.down:
            x = F.relu(convolution(x))
        x = self.blocks(x)
        for convolution in self.up:
            x = F.relu(convolution(F.interpolate(x, scale_factor=2, mode="nearest")))
        return 127.5 + 127.5 * torch.tanh(self.last(x))


class LossNetwork(nn.Module):
    """VGG16's first four blocks; gives the last activations of each."""

    def __init__(self):
        super().__init__()
        channels, blocks = 3, []
        for block in _BLOCKS:
            layers = []
            for filters in block:
                layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
                channels = filters
            blocks.append(nn.Sequential(*layers))
        self.blocks = nn.ModuleList(blocks)
        self.requires_grad_(False)

    def forward(self, x):
        features = []
        for number, block in enumerate(self.blocks):
            x = block(F.max_pool2d(x, 2) if number else x)
            features.append(x)
        return features


def gram_matrix(features):
    """`(B, C, H, W)` to `(B, C, C)`, divided by C H W."""
    batch, channels, height, width = features.shape
    flat = features.reshape(batch, channels, height * width)
    return flat @ flat.transpose(1, 2) / (channels * height * width)


def make_step(image_size, *, is_compiled=False, has_autocast=False):
    """Makes a function that takes a step on a batch.

    Args:
        image_size: Side of the style image.
        is_compiled: By `torch.compile`.
        has_autocast: Computes in bfloat16 where PyTorch thinks it safe.

    Returns:
        Function from a batch `(B, 3, H, W)` in [0, 255] to the loss, a float.
    """
    torch.manual_seed(0)
    generator, network = Generator(), LossNetwork()
    mean = torch.tensor([123.675, 116.28, 103.53]).reshape(1, 3, 1, 1)
    deviation = torch.tensor([58.395, 57.12, 57.375]).reshape(1, 3, 1, 1)
    style = torch.rand(1, 3, image_size, image_size) * 255
    with torch.no_grad():
        targets = [gram_matrix(f) for f in network((style - mean) / deviation)]
    optimizer = torch.optim.Adam(generator.parameters(), 1e-3)

    def compute_loss(photos):
        stylized = generator(photos)
        features = network((stylized - mean) / deviation)
        with torch.no_grad():
            wanted = network((photos - mean) / deviation)[_CONTENT_BLOCK]
        content = F.mse_loss(features[_CONTENT_BLOCK], wanted)
        grams = [gram_matrix(f) for f in features]
        style = sum(
            F.mse_loss(gram, target.expand_as(gram))
            for gram, target in zip(grams, targets, strict=True)
        )
        return 1e5 * content + 1e10 * style

    if is_compiled:
        compute_loss = torch.compile(compute_loss)

    def step(photos):
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=has_autocast):
            loss = compute_loss(photos)
        loss.backward()
        optimizer.step()
        return float(loss)

    return step


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--image_size", type=int, default=256)
    parser.add_argument("--batch_size", type=int, default=4)
    parser.add_argument("--is_compiled", action="store_true")
    parser.add_argument("--has_autocast", action="store_true")
    args = parser.parse_args()
    step = make_step(
        args.image_size, is_compiled=args.is_compiled, has_autocast=args.has_autocast
    )
    photos = torch.rand(args.batch_size, 3, args.image_size, args.image_size) * 255
    for _ in sys.stdin:
        print(step(photos), flush=True)


if __name__ == "__main__":
    main()
