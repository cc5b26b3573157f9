import json

import pytest

from fast_style.evaluation.metrics.registry import METRICS
from fast_style.evaluation.report import replace_nan
from fast_style.evaluation.report import write_json
from fast_style.evaluation.report import write_markdown
from fast_style.models.catalog import name_style


class TestMarkdown:
    def test_the_title_is_the_name_of_the_style(self, report_folder, trained_run):
        first = (report_folder / "report.md").read_text().splitlines()[0]

        assert first == f"# {trained_run.name}"

    @pytest.mark.parametrize(
        "style", ["v1.2", "v1.2.keras", "runs/v1.2", "runs/v1.2/style.keras"]
    )
    def test_a_title_names_no_folders(self, style):
        assert name_style(style) == "v1.2"

    def test_has_a_row_for_each_metric_that_says_what_it_means(self, report_folder):
        lines = (report_folder / "report.md").read_text().splitlines()

        rows = {line.split(" | ")[0]: line for line in lines}
        for name, spec in METRICS.items():
            assert rows[f"| {name}"].endswith(f"| {spec.meaning} |")

    def test_rows_have_as_many_cells_as_their_header(self, report_folder):
        text = (report_folder / "report.md").read_text()

        tables = [part for part in text.split("\n\n") if part.startswith("|")]
        assert len(tables) == 3
        for table in tables:
            assert len({line.count("|") for line in table.splitlines()}) == 1

    def test_cells_are_the_reports_numbers(self, report, report_folder):
        text = (report_folder / "report.md").read_text()
        ssim, loss = report["metrics"]["ssim"], report["losses"]["held_out"]["loss"]

        assert f"| ssim | {ssim['mean']:.2f} ± {ssim['deviation']:.2f} (2) |" in text
        assert f"held out | {loss['mean']:.3f} ± {loss['deviation']:.3f} |" in text
        assert f"| {report['metrics_painting']['grid']:.2f} |" in text

    def test_what_is_undefined_is_a_dash(self, report, tmp_path):
        report["metrics"]["ringing"] = {
            "mean": None,
            "median": None,
            "deviation": None,
            "num_photos": 0,
            "worst_photo": None,
        }
        report["metrics_painting"]["grid"] = float("nan")
        write_markdown(report, tmp_path / "report.md")

        rows = (tmp_path / "report.md").read_text().splitlines()
        ringing = next(row for row in rows if row.startswith("| ringing |"))
        grid = next(row for row in rows if row.startswith("| grid |"))
        assert ringing.startswith("| ringing | - |")
        assert grid.split(" | ")[3] == "-"


class TestJson:
    def test_the_worst_photo_is_the_one_with_the_worst_value(self, report):
        for name, spec in METRICS.items():
            values = {p["name"]: p["metrics"][name] for p in report["photos"]}
            values = {k: v for k, v in values.items() if v is not None}
            if values:
                choose = max if spec.direction == "lower" else min
                expected = choose(values, key=values.get)
                assert report["metrics"][name]["worst_photo"] == expected

    def test_nan_and_infinity_become_null_at_any_depth(self, tmp_path):
        report = {"a": [float("nan"), 1.0, {"b": (float("-inf"), 2)}], "c": "nan"}
        expected = {"a": [None, 1.0, {"b": [None, 2]}], "c": "nan"}

        write_json(report, tmp_path / "report.json")

        assert replace_nan(report) == expected
        assert json.loads((tmp_path / "report.json").read_text()) == expected
