import base64
import html.parser
import io
import shutil

from PIL import Image
import pytest

from fast_style.config.config_files import read_config
from fast_style.training.run_page import write_run_page
from fast_style.training.workdir import save_config
from fast_style.training.workdir import write_divergences


class Page(html.parser.HTMLParser):
    """Collects pictures, links and text."""

    def __init__(self, path):
        super().__init__()
        self.sources, self.text, self.bold = [], [], []
        self.is_bold = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.sources += [attrs[name] for name in ("src", "href") if name in attrs]
        self.is_bold = attrs.get("class") == "changed"

    def handle_data(self, data):
        self.text.append(data)
        if self.is_bold:
            self.bold.append(data)

    def read_pictures(self):
        for source in self.sources:
            _, data = source.split("base64,")
            yield Image.open(io.BytesIO(base64.b64decode(data)))


class TestPage:
    def test_a_training_ends_with_one(self, trained_run):
        page = Page(trained_run / "index.html")

        # The style image, a sheet, and the curves: nothing has to be fetched.
        assert all(source.startswith("data:image/") for source in page.sources)
        style, sheet, curve = page.read_pictures()
        assert (style.width / style.height, sheet.format, curve.format) == (
            pytest.approx(1.5, rel=0.5), "JPEG", "PNG",
        )  # fmt: skip
        assert "num_steps" in page.bold
        assert "style_weight" not in page.bold
        assert "style_weight" in page.text

    def test_tells_of_divergences(self, trained_run, tmp_path):
        shutil.copytree(trained_run, tmp_path / "run")
        note = {"step": 7, "reason": "the <style> loss was nan", "back_to": 5}
        write_divergences(tmp_path / "run", [note])

        text = "".join(Page(write_run_page(tmp_path / "run")).text)

        assert "step 7: the <style> loss was nan; back to step 5" in text

    def test_shows_at_most_16_sheets_and_the_last(self, trained_run, tmp_path):
        run = tmp_path / "run"
        shutil.copytree(trained_run, run)
        for step in range(3, 43):
            shutil.copy(
                run / "samples" / "step-00000002.png",
                run / "samples" / f"step-{step:08d}.png",
            )

        page = Page(write_run_page(run))

        assert 8 < len(page.sources) - 2 <= 16
        assert "Photos, stylized after 42 steps" in page.text

    def test_does_without_a_style_image_that_is_gone(self, tmp_path):
        config = read_config("smoke", ["--config.style_image=gone.jpg"])
        save_config(tmp_path, config)

        assert Page(write_run_page(tmp_path)).sources == []
