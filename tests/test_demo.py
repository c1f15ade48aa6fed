"""The demos run, check themselves, and say what they should."""

from __future__ import annotations

import builtins
import io
import math
import re
import subprocess
import sys

import numpy as np
import pytest

from srcad import demos
from srcad.demos import _report, logistic


@pytest.fixture(scope="module")
def printed():
    """What the logistic demo prints in a short run, by heading."""
    out, real = io.StringIO(), sys.stdout
    sys.stdout = out
    try:
        logistic.main(steps=300, seconds=0.02)
    finally:
        sys.stdout = real
    parts = re.split(r"\n(.+)\n-+\n", out.getvalue())
    return dict(zip(["", *parts[1::2]], parts[::2], strict=True))


def section(printed: dict[str, str], start: str) -> str:
    [text] = [body for title, body in printed.items() if title.startswith(start) and (start or not title)]
    return text


def test_it_prints_the_function_and_its_adjoint(printed):
    assert "def loss(w, b, X, y, lam):" in section(printed, "The function")
    adjoint = section(printed, "Its adjoint")
    assert "w_bar" in adjoint and "b_bar" in adjoint
    compile("\n".join(line.removeprefix("    ") for line in adjoint.splitlines()), "adjoint", "exec")


def test_the_loss_falls_and_the_held_out_samples_are_recognised(printed):
    training = section(printed, "Training")
    rows = [line.split() for line in training.splitlines() if re.match(r" *\d+ +[\d.]+", line)]
    steps, losses = [int(row[0]) for row in rows], [float(row[1]) for row in rows]
    assert steps[0] == 0 and steps[-1] == 300
    assert losses == sorted(losses, reverse=True) and losses[-1] < 0.2 * losses[0]
    [accuracy] = re.findall(r"held-out samples: +([\d.]+)%", training)
    assert float(accuracy) > 95.0


def test_the_gradient_is_checked_and_compared(printed):
    assert section(printed, "The gradient, checked").count("relative error") == 4
    rates = section(printed, "Gradients per second, 31 unknowns")
    assert "srcad" in rates and "approx_fprime" in rates


def test_a_wrong_gradient_is_an_error(monkeypatch, capsys):
    class Wrong:
        primal = staticmethod(logistic.loss)

        def __call__(self, w, b, X, y, lam):
            w_bar, b_bar = logistic.closed_form(w, b, X, y, lam)
            return w_bar * (1.0 + 1e-6), b_bar

    monkeypatch.setattr(logistic, "loss_grad", Wrong())
    few = logistic.Samples(np.array([[0.5, -1.0], [2.0, 0.3]]), np.array([1, -1]))
    with pytest.raises(demos.DemoError, match="the gradient is wrong against the closed form"):
        logistic._check(logistic._random_point(2), few)


def test_nan_is_a_wrong_gradient():
    with pytest.raises(demos.DemoError):
        logistic._verdict("here", math.nan, 1e-12)


def test_the_data_are_what_the_attribution_says():
    train, held_out = logistic.load()
    assert train.X.shape == (455, 30) and held_out.X.shape == (114, 30)
    labels = np.concatenate([train.y, held_out.y])
    assert (labels == 1).sum() == 357 and (labels == -1).sum() == 212
    assert np.allclose(train.X.mean(axis=0), 0.0) and np.allclose(train.X.std(axis=0), 1.0)


def test_log_sigmoid_neither_overflows_nor_loses_digits():
    for u in (-800.0, -30.0, -1.0, -1e-9, 0.0, 1e-9, 2.0, 40.0, 800.0):
        assert logistic.log_sigmoid(u) == pytest.approx(-np.logaddexp(0.0, -u), rel=1e-14)


@pytest.mark.parametrize("steps", [1, 2, 3, 100, 5000])
def test_stretches_add_up(steps):
    stretches = logistic._stretches(steps)
    assert sum(stretches) == steps and min(stretches) > 0


def test_finite_differences_do_without_scipy(monkeypatch):
    real = builtins.__import__

    def without_scipy(name, *rest, **named):
        if name.startswith("scipy"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_scipy)
    name, differences = logistic._finite_differences(lambda theta: float(theta @ theta))
    assert "NumPy" in name
    assert np.allclose(differences(np.array([1.0, -2.0])), [2.0, -4.0], atol=1e-6)


# The progress bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_plain_line_where_there_is_no_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with _report.progress(10, "steps taken") as advance:
        advance(10)
    assert re.fullmatch(r"steps taken: 10 steps in [\d.]+ s\n", capsys.readouterr().out)


def test_progress_is_one_plain_line_where_there_is_no_tqdm(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with _report.progress(10, "steps taken") as advance:
        advance(10)
    assert capsys.readouterr().out.startswith("steps taken: 10 steps")


def test_progress_is_a_bar_on_a_terminal(monkeypatch):
    pytest.importorskip("tqdm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with _report.progress(10, "steps taken") as advance:
        advance(10)
    assert "steps taken: 100%" in terminal.getvalue()


# Every demo, as a user runs it


@pytest.mark.parametrize("name", demos.names())
def test_every_demo_runs(name):
    done = subprocess.run(
        [sys.executable, "-m", "srcad", "demo", name], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "All done" in done.stdout


def test_a_demo_has_a_name_a_line_and_a_main():
    for name in demos.names():
        demo = demos.load(name)
        assert demo.name == name and demo.summary and callable(demo.main)
