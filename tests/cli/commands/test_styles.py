import pytest

import fast_style


def test_lists_the_bundled_ones(run, capsys):
    assert run("styles") == 0
    assert capsys.readouterr().out.split() == fast_style.list_styles()


@pytest.mark.parametrize("word", ["--nonsense", "nonsense"])
def test_unknown_words_are_refused(run, word, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("styles", word)

    expected = f"fast-style styles: unrecognized arguments: {word}\n"
    assert capsys.readouterr().err == expected
