"""The report on one style."""

import dataclasses
import pathlib

from fast_style.config.loss_config import LossConfig
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.iterations import count_iterations
from fast_style.evaluation.judges import Judge
from fast_style.evaluation.judges import judge_photos
from fast_style.evaluation.judges import judge_strengths
from fast_style.evaluation.losses import compare_losses
from fast_style.evaluation.measured_paintings import get_style_image
from fast_style.evaluation.measured_paintings import get_surface
from fast_style.evaluation.measurements import list_worst
from fast_style.evaluation.measurements import measure_photos
from fast_style.evaluation.measurements import summarize_metrics
from fast_style.evaluation.plots import draw_pairs
from fast_style.evaluation.plots import plot_iterations
from fast_style.evaluation.plots import plot_loss_bars
from fast_style.evaluation.report import replace_nan
from fast_style.evaluation.report import write_json
from fast_style.evaluation.report import write_markdown
from fast_style.losses.making import make_perceptual_loss


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inputs:
    """What styles are measured with.

    Attributes:
        stylizer: A `Stylizer`.
        config: What it was trained with; None if that is not known.
        loss_config: Of the loss that it is measured with.
        judges: Dict from names of judges to their loss networks.
        photos: Held-out photos, dict from name to RGB `(H, W, 3)` in [0, 255].
        training_photos: Photos trained on.
        image_size: Side of the photos.
        num_lbfgs_photos: Photos on which L-BFGS runs too.
        num_lbfgs_steps: Iterations of L-BFGS.
        known: Names of the paintings trained on, for a stylizer that paints like any
            picture.
        factors: Of the style weight, for styles by their names; others have 1.
    """

    stylizer: object
    config: TrainConfig | None
    loss_config: LossConfig
    judges: dict
    photos: dict
    training_photos: dict
    image_size: int
    num_lbfgs_photos: int
    num_lbfgs_steps: int
    known: tuple[str, ...] = ()
    factors: dict[str, float] = dataclasses.field(default_factory=dict)

    def choose(self, name: str | None, painting) -> dict:
        """Returns what the stylizer is told to paint in a style.

        Args:
            name: Of the style or painting; None: it has one.
            painting: RGB `(H, W, 3)` in [0, 255].
        """
        if self.stylizer.is_any:
            return {"style_image": painting}
        return {} if name is None else {"name": name}

    def find_loss_config(self, name: str | None) -> LossConfig:
        """Returns the loss that a style is measured with.

        Args:
            name: As in `choose`.
        """
        weight = self.loss_config.style_weight * self.factors.get(name, 1.0)
        return dataclasses.replace(self.loss_config, style_weight=weight)


def evaluate_one(inputs: Inputs, name: str | None, painting, workdir) -> dict:
    """Measures one style and writes the report.

    Args:
        inputs: What it is measured with.
        name: Of the style, where the file has several; None: it has one.
        painting: RGB `(H, W, 3)` in [0, 255], or a `MeasuredPainting`.
        workdir: Gets the report.

    Returns:
        The report, as `report.json` holds it.
    """
    chosen = inputs.choose(name, painting)

    def stylize(photo, **options):
        return inputs.stylizer(photo, **chosen, **options)

    photos, config = inputs.photos, inputs.config
    seed = config.seed if config else 0
    loss_config = inputs.find_loss_config(name)
    style_image, surface = get_style_image(painting), get_surface(painting)
    loss = make_perceptual_loss(loss_config, style_image, seed=seed)
    # Before the photos are measured, which takes long, as these may not fit.
    judges = {k: Judge(k, style_image, each) for k, each in inputs.judges.items()}
    measured = measure_photos(stylize, photos, surface, loss)
    report = {
        "style": name or inputs.stylizer.name,
        "is_known": name in inputs.known if inputs.stylizer.is_any else None,
        "image_size": inputs.image_size,
        "num_photos": len(photos),
        **summarize_metrics(measured, list(photos), surface),
        "judges": judge_photos(judges, photos, measured, config),
        "strengths": judge_strengths(
            judges, photos, stylize, inputs.stylizer.strengths
        ),
        **compare_losses(measured, stylize, inputs.training_photos, loss),
        **count_iterations(
            stylize,
            photos,
            measured,
            loss,
            inputs.num_lbfgs_photos,
            inputs.num_lbfgs_steps,
        ),
        "loss_config": dataclasses.asdict(loss_config),
        "photos": _list_photos(photos, measured),
    }
    workdir = pathlib.Path(workdir)
    workdir.mkdir(parents=True, exist_ok=True)
    _write(report, workdir, list_worst(photos, measured))
    return replace_nan(report)


def _list_photos(photos, measured):
    return [
        {"name": name, "losses": m["losses"], "metrics": m["metrics"]}
        for name, m in zip(photos, measured, strict=True)
    ]


def _write(report, workdir, worst):
    write_json(report, workdir / "report.json")
    plot_loss_bars(report, workdir / "losses.png")
    path = workdir / "iterations.png"
    if report["iterations_worth"] is None:
        path.unlink(missing_ok=True)  # Of an earlier one.
    else:
        plot_iterations(report, path)
    draw_pairs(worst, workdir / "worst.png")
    write_markdown(report, workdir / "report.md")
