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

    def test_each_term_of_the_loss_is_told_of(self, take_steps, make_trainer, caplog):
        caplog.set_level("INFO")
        trainer = make_trainer("faces", "strokes", "motifs", "tv")
        with Progress(2, every_steps=20, **STEPS) as progress:
            take_steps(progress, trainer, 1, 20, faces=1.0, strokes=2.0, motifs=4.0)

        (message,) = caplog.messages
        assert message.startswith(
            "Step 20 of 20: loss 7.000, faces 1.000, strokes 2.000, motifs 4.000, "
            "tv 0.000, "
        )

    def test_on_a_terminal_is_a_bar(self, take_steps, trainer, monkeypatch, capfd):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "120")
        steps = {"every_steps": 5, "num_steps": 20, "num_steps_done": 10}
        with Progress(2, **steps) as progress:
            take_steps(progress, trainer, 11, 20, content=1.0, style=2.0)

        shown = capfd.readouterr().err
        assert "20/20" in shown
        assert "loss 3.000" in shown
