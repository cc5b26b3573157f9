"""Writes docs/performance.md and its plot from what was measured.

    python docs/make_performance.py

Reads `performance.json`, which is `inference.json` of `benchmarks/inference.py`, and
`sizes.json` of `benchmarks/sizes.py`.
"""

import json
import pathlib

import jinja2

FOLDER = pathlib.Path(__file__).parent
COLOURS = {
    "pytorch": "black",
    "pytorch-compiled": "grey",
    "tensorflow": "tab:orange",
    "litert": "tab:green",
    "onnxruntime": "tab:blue",
    "openvino": "tab:purple",
}
LINES = {"float32": "o-", "bfloat16": "s--", "int8": "v:"}
GENERATORS = ("johnson", "fast", "tiny")
LARGEST = "1920x1080"


def main():
    measured = json.loads((FOLDER / "performance.json").read_text())
    large = json.loads((FOLDER / "sizes.json").read_text())
    page = write_page(measured, large)
    (FOLDER / "performance.md").write_text(page, encoding="utf-8")
    draw_plot(measured).savefig(FOLDER / "images" / "performance.png")


def write_page(measured, large):
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
    all_large = next(iter(large["sizes"].values()))
    return environment.get_template("performance.md.j2").render(
        machine=measured["machine"],
        sizes=sizes,
        largest=LARGEST,
        large=large,
        large_names=[name for name in all_large if "strips" not in name],
        tables=tables,
        title=title,
    )


def title(name):
    """Returns engine and precision in words."""
    engine, precision, _ = name.rsplit("-", 2)
    words = {"pytorch-compiled": "`torch.compile`", "pytorch": "PyTorch, eager"}
    return f"{words.get(engine, f'`{engine}`')}, {precision}"


def draw_plot(measured):
    """Draws times over pixels, a panel for each generator, with PyTorch in each."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.5), layout="constrained", dpi=110)
    panels = figure.subplots(1, len(GENERATORS), sharey=True)
    for axes, generator in zip(panels, GENERATORS, strict=True):
        names = [n for n in measured["sizes"]["1024x1024"] if n.startswith("pytorch")]
        names += [n for n in measured["sizes"]["1024x1024"] if n.endswith(generator)]
        for name in dict.fromkeys(names):
            draw_line(axes, measured, name)
        axes.set(xscale="log", yscale="log", xlabel="megapixels", title=generator)
        axes.grid(alpha=0.3, which="both")
    panels[0].set_ylabel("milliseconds")
    handles, _ = panels[0].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8)
    return figure


def draw_line(axes, measured, name):
    """Draws one line: the colour is the engine, dashes and dots are the precision."""
    points = []
    for size, figures in measured["sizes"].items():
        if " " not in size:  # Of a batch.
            width, height = map(int, size.split("x"))
            points.append((width * height / 1e6, 1000 * figures[name]["median"]))
    engine, precision, _ = name.rsplit("-", 2)
    axes.plot(
        *zip(*sorted(points), strict=True),
        LINES[precision],
        label=title(name).replace("`", ""),
        linewidth=1.5,
        markersize=4,
        color=COLOURS[engine],
    )


if __name__ == "__main__":
    main()
