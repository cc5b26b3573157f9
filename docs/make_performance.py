"""Writes docs/performance.md and its plot from what was measured.

    python docs/make_performance.py

Reads `performance.json`, which is `inference.json` of `benchmarks/inference.py`.
"""

import json
import pathlib

import jinja2

FOLDER = pathlib.Path(__file__).parent
BASE = "pytorch-float32-johnson"
GENERATORS = ("johnson", "fast", "tiny")


def main():
    measured = json.loads((FOLDER / "performance.json").read_text())
    (FOLDER / "performance.md").write_text(write_page(measured), encoding="utf-8")
    draw_plot(measured).savefig(FOLDER / "images" / "performance.png")


def write_page(measured):
    """Returns the text of the page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"), keep_trailing_newline=True
    )
    sizes = measured["sizes"]
    names = [name for name in next(iter(sizes.values()))]
    tables = [("PyTorch", [name for name in names if name.startswith("pytorch")])]
    tables += [
        (f"`{generator}`", [n for n in names if n.endswith(f"-{generator}")])
        for generator in GENERATORS
    ]
    tables[1] = (tables[1][0], [n for n in tables[1][1] if "pytorch" not in n])
    return environment.get_template("performance.md.j2").render(
        machine=measured["machine"], sizes=sizes, tables=tables, title=title
    )


def title(name):
    """Returns engine and precision in words."""
    engine, precision, _ = name.rsplit("-", 2)
    words = {"pytorch-compiled": "`torch.compile`", "pytorch": "PyTorch, eager"}
    return f"{words.get(engine, f'`{engine}`')}, {precision}"


def draw_plot(measured):
    """Draws times of the best float32 engine of each generator over the pixels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained", dpi=110)
    axes = figure.subplots()
    sizes = {
        size: figures for size, figures in measured["sizes"].items() if " " not in size
    }
    for name in next(iter(sizes.values())):
        points = []
        for size, figures in sizes.items():
            width, height = map(int, size.split("x"))
            points.append((width * height / 1e6, 1000 * figures[name]["median"]))
        is_peer = name.startswith("pytorch")
        axes.plot(
            *zip(*sorted(points), strict=True),
            "o-",
            label=name,
            linewidth=3 if is_peer else 1,
            color="black" if name == BASE else None,
        )
    axes.set(xscale="log", yscale="log", xlabel="megapixels", ylabel="milliseconds")
    axes.grid(alpha=0.3, which="both")
    figure.legend(loc="outside right upper", fontsize=7)
    return figure


if __name__ == "__main__":
    main()
