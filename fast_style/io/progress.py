"""The one progress bar: for long work on a terminal, and in a log."""

import datetime
import time

from absl import logging
import rich.console
import rich.progress
import rich.table


class ProgressBar:
    """Shows how far some work is: a bar on a terminal, elsewhere a line at times.

    To be entered around the work. Where stderr is not a terminal, no escape codes are
    written, only a line of the log now and then.

    Args:
        description: What is counted, such as `"photos"`.
        total: Of the count.
        completed: Where it begins.
        line_seconds: Seconds between two lines of the log; None: the caller writes
            lines of its own.
        is_shown: Whether anything is shown.

    Attributes:
        is_bar: Whether there is a bar to look at.
    """

    def __init__(
        self,
        description: str,
        total: int,
        *,
        completed: int = 0,
        line_seconds: float | None = 30.0,
        is_shown: bool = True,
    ):
        console = rich.console.Console(stderr=True)
        self.is_bar = is_shown and console.is_terminal
        self.description = description
        self.total = total
        self.line_seconds = line_seconds if is_shown else None
        self._first = completed
        self._start = self._last_line = time.monotonic()
        self._bar = rich.progress.Progress(
            *_make_columns(total),
            console=console,
            disable=not self.is_bar,
        )
        self._task = self._bar.add_task(
            description, total=total, completed=completed, text=""
        )

    def __enter__(self):
        self._bar.__enter__()
        self._start = self._last_line = time.monotonic()
        return self

    def __exit__(self, *details):
        self._bar.__exit__(*details)

    def update(self, completed: int, text: str = "") -> None:
        """Shows how much is done.

        Args:
            completed: Of `total`.
            text: More to tell, such as the loss.
        """
        if self.is_bar:
            self._bar.update(self._task, completed=completed, text=text)
        elif self.line_seconds is not None:
            now = time.monotonic()
            if now - self._last_line >= self.line_seconds:
                self._last_line = now
                self._log(completed, text, now)

    def _log(self, completed, text, now):
        done = completed - self._first
        seconds = (self.total - completed) * (now - self._start) / max(done, 1)
        left = datetime.timedelta(seconds=round(seconds))
        texts = [f"{self.description}: {completed} of {self.total}", text]
        logging.info("%s", ", ".join([*filter(None, texts), f"{left} left"]))


def _make_columns(total):
    # In a narrow window the bar is cut off first, the count never.
    width = 2 * len(str(total)) + 1
    return (
        "{task.description}",
        rich.progress.MofNCompleteColumn(
            table_column=rich.table.Column(no_wrap=True, min_width=width)
        ),
        rich.progress.BarColumn(None),
        "{task.fields[text]}",
        rich.progress.TimeRemainingColumn(),
    )


def format_losses(losses: dict[str, float]) -> str:
    """Returns losses as one text for a progress bar or a log.

    Args:
        losses: Dict from name to number.

    Returns:
        Such as `"loss 1.234, style 0.8765"`, four digits each.
    """
    return ", ".join(f"{k} {v:#.4g}".removesuffix(".") for k, v in losses.items())
