import base64
import html.parser
import io
import shutil

from PIL import Image
import pytest

from fast_style.cli.app import main
from fast_style.config.config_files import read_config
from fast_style.training.run_page import write_run_page
from fast_style.training.runs import list_runs
from fast_style.training.workdir import lock_workdir
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


class TestRuns:
    @pytest.fixture
    def folder(self, trained_run, tmp_path):
        shutil.copytree(trained_run, tmp_path / "a" / "done")
        shutil.copytree(trained_run, tmp_path / "stopped")
        (tmp_path / "stopped" / "style.keras").unlink()
        (tmp_path / "stopped" / "checkpoints" / "step-00000002.npz").unlink()
        shutil.copytree(trained_run, tmp_path / "torn")
        (tmp_path / "torn" / "config.json").write_text("{")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "config.json").write_text("{}")
        return tmp_path

    def test_have_state_and_step(self, folder):
        with lock_workdir(folder / "stopped"):
            states = [
                (run.workdir.name, run.state, run.step) for run in list_runs(folder)
            ]
        assert states == [
            ("done", "done", 2), ("stopped", "running", 1), ("torn", "damaged", 0),
        ]  # fmt: skip

        assert [run.state for run in list_runs(folder)] == [
            "done",
            "stopped",
            "damaged",
        ]

    def test_are_listed_by_the_command(self, folder, capsys):
        assert main(["runs", str(folder)]) == 0

        header, done, stopped, _ = capsys.readouterr().out.splitlines()
        assert header.split() == [
            "training", "state", "step", "loss", "content", "style", "tv"
        ]  # fmt: skip
        assert done.split()[:3] == [str(folder / "a" / "done"), "done", "2/2"]
        assert stopped.split()[1:3] == ["stopped", "1/2"]

    def test_a_folder_without_any(self, tmp_path, capsys):
        assert main(["runs", str(tmp_path)]) == 0
        assert "no trainings" in capsys.readouterr().out

    def test_a_folder_that_is_not_there(self, tmp_path, capsys):
        assert main(["runs", str(tmp_path / "nowhere")]) == 1
        assert "`folder` must be a folder that exists" in capsys.readouterr().err
