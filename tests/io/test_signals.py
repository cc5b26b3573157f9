import os
import signal
import threading

import pytest

from fast_style.io.signals import leave
from fast_style.io.signals import StopSignal


@pytest.fixture(autouse=True)
def listen_to_ctrl_c():
    """Shells let what they start in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class TestStopSignal:
    def test_notes_the_first_and_lets_the_second_through(self, capfd):
        with StopSignal() as stop_signal:
            os.kill(os.getpid(), signal.SIGINT)
            assert stop_signal.number == signal.SIGINT
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)

        assert "Stopping after this step" in capfd.readouterr().err

    def test_leaves_the_handlers_as_they_were(self):
        before = signal.getsignal(signal.SIGTERM)
        with StopSignal():
            assert signal.getsignal(signal.SIGTERM) != before

        assert signal.getsignal(signal.SIGTERM) == before

    def test_does_nothing_in_another_thread(self):
        before = signal.getsignal(signal.SIGTERM)
        seen = []

        def enter():
            with StopSignal() as stop_signal:
                seen.append((signal.getsignal(signal.SIGTERM), stop_signal.number))

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()

        assert seen == [(before, 0)]

    @pytest.mark.parametrize(
        ("number", "error"),
        [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)],
    )
    def test_leaves_with_what_the_signal_stands_for(self, number, error):
        with StopSignal() as stop_signal:
            os.kill(os.getpid(), number)
            with pytest.raises(error) as raised:
                stop_signal.leave()

        assert number == signal.SIGINT or raised.value.code == 143


def test_a_kept_number_ends_the_work_alike():
    with pytest.raises(SystemExit, match="143"):
        leave(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        leave(signal.SIGINT)
