"""Writes the card of each bundled style, and their table, from what was measured.

    python docs/make_cards.py

Reads `styles/paintings.json`, written by hand, and `styles/figures.json`, written by
`benchmarks/style_figures.py`; writes `styles/<name>.md` and `styles/README.md`.
"""

import json
import pathlib

import jinja2

FOLDER = pathlib.Path(__file__).parent / "styles"
TEMPLATES = pathlib.Path(__file__).parent / "templates"
TITLES = {
    "pocket": "an imitation of a faulty VGG16",
    "resnet50": "ResNet-50",
    "squeezenet": "SqueezeNet",
    "vgg16": "VGG16",
    "vgg19": "VGG19",
}
# Judges that see much as a teacher does.
RELATIVES = {"vgg19": "vgg16"}
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
    environment.filters["title_of"] = TITLES.__getitem__
    environment.globals |= {"metrics": METRICS, "show": show, "cpu": name_cpu}
    environment.globals["relatives"] = RELATIVES
    card = environment.get_template("card.md.j2")
    pages = {}
    for name, painting in paintings.items():
        judges = figures[name]["judges"]
        pages[f"{name}.md"] = card.render(
            name=name,
            painting=painting,
            figures=figures[name],
            training=figures[name]["training"],
            unseen=[judge for judge, each in judges.items() if not each["is_seen"]],
        )
    pages["README.md"] = environment.get_template("styles.md.j2").render(
        figures={name: figures[name] for name in paintings},
        judges=list_judges(figures.values()),
    )
    return pages


def show(value):
    return "-" if value is None else f"{value:.2f}"


def name_cpu(cpu):
    """Returns the name of a CPU with its article."""
    return f"{'an' if cpu[0] in 'AEIOU' else 'a'} {cpu}"


def list_judges(figures):
    """Returns the judges that have judged every style."""
    judged = [each["judges"] for each in figures]
    return [judge for judge in TITLES if all(judge in each for each in judged)]


if __name__ == "__main__":
    main()
