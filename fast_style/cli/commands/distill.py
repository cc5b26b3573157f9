"""fast-style distill: trains the pocket loss network anew."""

from fast_style.cli.fields import show_log


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser(
        "distill", help="train the pocket loss network anew, from VGG16"
    )
    command.add_argument("--photos", required=True, help="folder of photos")
    command.add_argument("--output", required=True, help="the .npz file to write")
    command.add_argument(
        "--vgg16_weights", default="imagenet", help="imagenet, or a file of weights"
    )
    command.add_argument("--num_steps", type=int, default=14_000)
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    from fast_style.training.distillation import distill

    show_log()
    errors = distill(
        arguments.photos,
        arguments.output,
        vgg16_weights=arguments.vgg16_weights,
        num_steps=arguments.num_steps,
    )
    shown = ", ".join(f"{layer} {error:.1%}" for layer, error in errors.items())
    print(f"{arguments.output} misses, on held-out photos: {shown}")
    return 0
