"""Writes the card of each bundled style, and their table, from what was measured.

    python docs/make_cards.py

Reads `styles/paintings.json`, written by hand, and `styles/figures.json`, written by
`benchmarks/paintings.py`; writes `styles/<name>.md` and `styles/README.md`.
"""

import json
import pathlib

import jinja2

FOLDER = pathlib.Path(__file__).parent / "styles"
TEMPLATES = pathlib.Path(__file__).parent / "templates"
JUDGES = {"squeezenet": "SqueezeNet", "resnet50": "ResNet-50"}
# Of artefacts, and of what is left of the photo.
METRICS = ("ssim", "grid", "border", "ringing", "flat_texture", "shift_difference")


def main():
    for name, text in write_pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def write_pages():
    """Returns a dict from file name to text."""
    paintings = json.loads((FOLDER / "paintings.json").read_text())
    figures = json.loads((FOLDER / "figures.json").read_text())
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), keep_trailing_newline=True
    )
    environment.globals |= {"metrics": METRICS, "show": show}
    card = environment.get_template("card.md.j2")
    pages = {}
    for name, painting in paintings.items():
        judges = list_judges(figures[name]["trained_on"])
        pages[f"{name}.md"] = card.render(
            name=name, painting=painting, figures=figures[name], judges=judges
        )
    pages["README.md"] = environment.get_template("styles.md.j2").render(
        figures={name: figures[name] for name in paintings}, judges=judges
    )
    return pages


def show(value):
    return "-" if value is None else f"{value:.2f}"


def list_judges(trained_on):
    """Returns keys of figures, each with its title, which says what was trained on."""
    return [
        (
            f"{kind}_{judge}",
            f"{kind} by {label}" + (" (trained on it)" if judge in trained_on else ""),
        )
        for kind in ("style", "content")
        for judge, label in JUDGES.items()
    ]


if __name__ == "__main__":
    main()
