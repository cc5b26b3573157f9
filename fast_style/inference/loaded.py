"""A style as an engine has loaded it."""

import dataclasses
import functools

from fast_style.models.style_files import TrainedStyle


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadedStyle:
    """A style that an engine stylizes with, and what is to be known of it.

    Attributes:
        function: From float32 images `(B, H, W, 3)` in [0, 255] to stylized ones.
        read: Returns the `TrainedStyle`, for pictures in strips; None: there are none.
        engine: Name of the engine.
        precision: In which it computes.
        most_pixels: Of one picture, as in `EngineSpec`; larger ones are stylized in
            strips.
        wrong_pixels: As in `EngineSpec`; larger ones are never stylized at once.
        stages: Functions of stages that were made, which styles with the same kernels
            share.
    """

    function: object
    read: object = None
    engine: str = ""
    precision: str = "float32"
    most_pixels: int | None = None
    wrong_pixels: int | None = None
    stages: dict = dataclasses.field(default_factory=dict)

    @property
    def strip_precision(self) -> str:
        """In which strips are computed: by TensorFlow, which has no 8 bits."""
        return "bfloat16" if self.precision == "bfloat16" else "float32"

    @functools.cached_property
    def style(self) -> TrainedStyle:
        """What `read` returned."""
        return self.read()

    def describe(self, *, is_in_strips: bool = False) -> str:
        """Returns what computes, such as `openvino in bfloat16`."""
        engine = "tensorflow" if is_in_strips else self.engine
        precision = self.strip_precision if is_in_strips else self.precision
        text = engine + ("" if precision == "float32" else f" in {precision}")
        return f"{text}, in strips" if is_in_strips else text

    def load_stage(self, key, stage):
        """Returns the function of a stage, made when it is first asked for.

        Args:
            key: What tells the stage from others of this generator.
            stage: As `plan_stages` returned it.
        """
        from fast_style.inference.strips.computing import load_stage

        key = (*key, self.strip_precision)
        if key not in self.stages:
            self.stages[key] = load_stage(stage, self.strip_precision)
        return self.stages[key]
