"""The catalog of bundled styles, and the files of any style."""

import os
import pathlib

from fast_style.io.files import expand_home

FOLDER = pathlib.Path(__file__).parent.parent / "styles"
COLLECTIONS = FOLDER / "collections"
STYLE_FILE = "style.keras"
# By which folders of exports are known.
EXPORT_FILES = ("saved_model.pb", "style.xml")


def list_styles() -> list[str]:
    """Returns the names of the bundled styles, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.keras"))


def list_collections() -> list[str]:
    """Returns the names of bundled files that paint in several styles, or in any.

    Each wants to be told which: `name` or `style_image` of `stylize`.
    """
    return sorted(path.stem for path in COLLECTIONS.glob("*.keras"))


def is_bundled(style: str | os.PathLike) -> bool:
    """Returns whether a style comes with the library."""
    return style in list_styles() or style in list_collections()


def find_style(style: str | os.PathLike) -> pathlib.Path:
    """Returns the file or folder of a style.

    Args:
        style: Name of a bundled style or collection, workdir of a training, `.keras`
            file, or what was exported from one. Bundled names are tried first; write
            `./name` for a folder of the same name.

    Returns:
        A file, or the folder of an export.

    Raises:
        FileNotFoundError: If it is none of these.
    """
    if is_bundled(style):
        folder = FOLDER if style in list_styles() else COLLECTIONS
        return folder / f"{style}.keras"
    path = pathlib.Path(expand_home(style))
    if path.is_file():
        return path
    if (path / STYLE_FILE).is_file():
        return path / STYLE_FILE
    if any((path / name).is_file() for name in EXPORT_FILES):
        return path
    bundled = [*list_styles(), *list_collections()]
    expected = (
        "`style` must be a bundled style "
        f"({', '.join(bundled) or 'none installed'}), the workdir of a finished "
        "training, a `.keras` file or an export."
    )
    if (path / "checkpoints").is_dir():
        raise FileNotFoundError(
            f"{expected} Received: style={os.fspath(style)!r}, a training that has "
            "not finished; start it again with the same command to go on."
        )
    raise FileNotFoundError(f"{expected} Received: style={os.fspath(style)!r}")


def find_config(style: str | os.PathLike) -> pathlib.Path | None:
    """Returns the file with the config that a style was trained with.

    Args:
        style: As in `find_style`.

    Returns:
        A JSON file that `config.serialization.from_json` reads; None if there is
        none.

    Raises:
        FileNotFoundError: If there is no such style.
    """
    path = find_style(style)
    is_ours = path.parent in (FOLDER, COLLECTIONS)
    beside = path.with_suffix(".json") if is_ours else None
    path = beside or (path if path.is_dir() else path.parent) / "config.json"
    return path if path.is_file() else None


def find_painting(style) -> pathlib.Path | None:
    """Returns the file with what evaluation needs of a bundled style's painting.

    Args:
        style: As in `load_style`.

    Returns:
        An `.npz` file that `evaluation.measured_paintings` reads; None if there is
        none.
    """
    if not isinstance(style, str | os.PathLike) or style not in list_styles():
        return None
    path = FOLDER / f"{style}.npz"
    return path if path.is_file() else None


def name_style(style: str | os.PathLike) -> str:
    """Returns a short name of a style, without folders and `.keras`.

    Args:
        style: As in `find_style`; it need not exist.

    Returns:
        `"a"` for `runs/a`, `runs/a/style.keras`, `a.keras` and `"a"`.
    """
    path = pathlib.Path(expand_home(style)).absolute()
    if path.name == STYLE_FILE:
        return path.parent.name
    return path.stem if path.suffix == ".keras" else path.name
