"""Writes docs/recipe.md from what was measured.

    python docs/make_recipe.py

Reads `recipe.json`, the trials of `benchmarks/recipe.py`.
"""

import json
import pathlib

import jinja2

FOLDER = pathlib.Path(__file__).parent
JUDGES = {"vgg19": "VGG19", "squeezenet": "SqueezeNet", "resnet50": "ResNet-50"}


def main():
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"), keep_trailing_newline=True
    )
    text = environment.get_template("recipe.md.j2").render(
        **json.loads((FOLDER / "recipe.json").read_text()), judges=JUDGES
    )
    (FOLDER / "recipe.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
