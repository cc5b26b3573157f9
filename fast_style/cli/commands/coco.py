"""fast-style coco: fetches some of COCO's photos."""

import sys

from fast_style.cli.arguments import add_path
from fast_style.cli.logs import show_log


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser(
        "coco",
        help="fetch some of COCO's photos, by the URLs in its annotations",
        epilog="Photos that are already there are not fetched again, so the same "
        "command goes on where it was stopped.",
    )
    add_path(command, "--annotations", required=True, help="an instances_*.json")
    add_path(command, "--output", required=True, help="folder for the photos")
    command.add_argument(
        "--num_images",
        type=int,
        default=4_000,
        help="photos to have in the end (default: %(default)s)",
    )
    command.add_argument(
        "--categories", default="", help="photos must show one, such as person,dog"
    )
    command.add_argument(
        "--min_image_size",
        type=int,
        default=1,
        help="of the shorter side, in pixels (default: %(default)s)",
    )
    command.add_argument(
        "--seed", type=int, default=0, help="of the choice (default: %(default)s)"
    )
    command.add_argument(
        "--num_connections",
        type=int,
        default=16,
        help="photos that are fetched at the same time (default: %(default)s)",
    )
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    from fast_style.data.coco_download import download_coco

    show_log()
    categories = tuple(name.strip() for name in arguments.categories.split(",") if name)
    download = download_coco(
        arguments.annotations,
        arguments.output,
        num_images=arguments.num_images,
        categories=categories,
        min_image_size=arguments.min_image_size,
        seed=arguments.seed,
        num_connections=arguments.num_connections,
    )
    print(download.report())
    print(f"To train with them: --config.train_images={arguments.output}")
    if download.num_photos < arguments.num_images:
        print(
            f"fast-style coco: {arguments.num_images} were asked for.", file=sys.stderr
        )
        return 1
    return 0
