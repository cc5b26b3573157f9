"""fast-style distill: trains the pocket loss network anew."""

from fast_style.cli.arguments import add_path
from fast_style.cli.logs import show_log
from fast_style.cli.quiet import load_tensorflow


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser(
        "distill", help="train the pocket loss network anew, from VGG16"
    )
    add_path(command, "--photos", required=True, help="folder of photos")
    add_path(command, "--output", required=True, help="the .npz file to write")
    add_path(
        command,
        "--vgg16_weights",
        default="imagenet",
        help="imagenet, or a file of weights (default: %(default)s)",
    )
    command.add_argument(
        "--num_steps",
        type=int,
        default=14_000,
        help="steps of the training (default: %(default)s)",
    )
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    show_log()
    load_tensorflow(shows_lines=arguments.debug)
    from fast_style.training.distillation import distill

    errors = distill(
        arguments.photos,
        arguments.output,
        vgg16_weights=arguments.vgg16_weights,
        num_steps=arguments.num_steps,
    )
    shown = ", ".join(f"{layer} {error:.1%}" for layer, error in errors.items())
    print(f"{arguments.output} misses, on held-out photos: {shown}")
    return 0
