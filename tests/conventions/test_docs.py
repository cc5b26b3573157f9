"""The project keeps the promises of its own style."""

import ast
import dataclasses
import pathlib
import re

import pytest

import fast_style
from fast_style.config.fields import describe_fields
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.metrics.registry import METRICS
from fast_style.losses.networks.registry import NETWORKS
from fast_style.models.architectures import ARCHITECTURES

PROJECT = pathlib.Path(fast_style.__file__).parent.parent
DOCS = PROJECT / "docs"
PAGES = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    *sorted(DOCS.rglob("*.md")),
]
# Things that grow, and the page on which a user looks for them.
REGISTERED = {
    "evaluation.md": METRICS,
    "method.md": [*NETWORKS, *ARCHITECTURES],
}
# What a stranger wants to add; `docs/architecture.md` answers each in one line.
ADDITIONS = (
    "loss term", "optimizer", "loss network", "option of `stylize`", "export format",
    "engine", "metric", "data source", "generator",
)  # fmt: skip


def test_public_definitions_have_a_docstring(trees):
    missing = [
        f"{path}:{node.name}"
        for path, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert not missing


def test_each_file_says_what_it_is_for(trees):
    assert not [
        str(path) for path, tree in trees.items() if not ast.get_docstring(tree)
    ]


@pytest.mark.parametrize("name", fast_style.__all__)
def test_public_names_are_there_and_in_the_api_docs(name):
    assert getattr(fast_style, name)
    assert f"`{name}" in (DOCS / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("config_class", [TrainConfig, OptimizeConfig])
def test_every_config_field_is_documented(config_class):
    described = set().union(*describe_fields(config_class).values())

    assert described == {field.name for field in dataclasses.fields(config_class)}


@pytest.mark.parametrize("page", REGISTERED)
def test_what_is_registered_is_documented(page):
    text = (DOCS / page).read_text(encoding="utf-8")

    assert not [name for name in REGISTERED[page] if f"`{name}`" not in text]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_and_files_that_pages_name_are_there(page):
    text = page.read_text(encoding="utf-8")

    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", prose)
    assert not [link for link in links if not (page.parent / link).exists()]
    modules = re.findall(r"(?:from|import) (fast_style(?:\.\w+)+)", text)
    for module in modules:
        path = PROJECT / module.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), module


def test_the_code_map_says_where_to_add_what(package):
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")

    for wing in sorted(path.parent.name for path in package.glob("*/__init__.py")):
        assert f"`{wing}/`" in text
    lines = text.splitlines()
    for addition in ADDITIONS:
        (line,) = [line for line in lines if line.startswith(f"| a {addition} |")
                   or line.startswith(f"| an {addition} |")]  # fmt: skip
        for path in re.findall(r"`([\w/]+\.(?:py|md))`", line):
            assert (package / path).exists() or (PROJECT / path).exists(), path


def test_unknown_attributes_are_errors():
    with pytest.raises(AttributeError, match="no attribute 'stylise'"):
        _ = fast_style.stylise


def test_lazy_names_are_where_they_are_said_to_be(trees):
    import importlib

    for path in trees:
        if path.name != "__init__.py":
            continue
        name = ".".join(("fast_style", *path.parent.parts))
        wing = importlib.import_module(name)
        for public in getattr(wing, "__all__", ()):
            assert getattr(wing, public) is not None, f"{name}.{public}"


def test_the_package_itself_imports_next_to_nothing(trees):
    tree = trees[pathlib.Path("__init__.py")]
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]

    assert [ast.unparse(node) for node in imports] == ["from fast_style import lazy"]
