import pytest

from fast_style.io import processor
from fast_style.io.processor import has_bfloat16


@pytest.mark.parametrize(
    ("text", "has_it"),
    [
        ("model name\t: A\nflags\t\t: fpu avx512f amx_bf16 amx_tile\n", True),
        ("flags\t\t: fpu avx512f avx512_bf16\n", True),
        ("flags\t\t: fpu avx2 avx512f\n", False),
        ("Features\t: fp asimd bf16\n", False),
        (None, False),
    ],
)
def test_it_is_read_from_what_linux_tells(tmp_path, monkeypatch, text, has_it):
    path = tmp_path / "cpuinfo"
    if text is not None:
        path.write_text(text)
    monkeypatch.setattr(processor, "_CPU_INFO", path)

    assert has_bfloat16.__wrapped__() is has_it
