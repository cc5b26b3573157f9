from fast_style.training.callbacks.progress import Progress

STEPS = {"num_steps": 20, "num_steps_done": 0}


class TestProgress:
    def test_elsewhere_than_on_a_terminal_is_a_line_at_times(
        self, take_steps, trainer, caplog
    ):
        caplog.set_level("INFO")
        steps = {"every_steps": 5, "num_steps": 20, "num_steps_done": 10}
        with Progress(2, **steps) as progress:
            take_steps(progress, trainer, 11, 20, content=1.0, style=2.0)

        first, second = caplog.messages
        assert first.startswith(
            "Step 15 of 20: loss 3.000, content 1.000, style 2.000, tv 0.000, "
        )
        assert "images/s, 0:00:0" in first
        assert second.startswith("Step 20 of 20")

    def test_on_a_terminal_is_a_bar(self, take_steps, trainer, monkeypatch, capfd):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "120")
        steps = {"every_steps": 5, "num_steps": 20, "num_steps_done": 10}
        with Progress(2, **steps) as progress:
            take_steps(progress, trainer, 11, 20, content=1.0, style=2.0)

        shown = capfd.readouterr().err
        assert "20/20" in shown
        assert "loss 3.000" in shown
