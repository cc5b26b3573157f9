"""Each bundled style has a card, and the cards say what was measured."""

import importlib.util

import pytest

import fast_style


@pytest.fixture(scope="module")
def cards(project):
    path = project / "docs" / "make_cards.py"
    spec = importlib.util.spec_from_file_location("make_cards", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_style_has_a_card_and_a_sheet_of_pictures(project):
    files = {path.name for path in (project / "docs" / "styles").iterdir()}

    for style in fast_style.list_styles():
        assert {f"{style}.md", f"{style}.jpg"} <= files


def test_cards_and_table_are_made_from_the_figures(cards):
    pages = cards.write_pages()

    assert set(pages) == {f"{s}.md" for s in fast_style.list_styles()} | {"README.md"}
    for name, text in pages.items():
        path = cards.FOLDER / name
        assert path.read_text(encoding="utf-8") == text, "Run docs/make_cards.py."
