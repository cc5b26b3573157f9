"""A style, loaded for many pictures."""

import functools
import os
import sys

import numpy as np
from PIL import Image

from fast_style.inference.arrays import is_done_by_rows
from fast_style.inference.arrays import Options
from fast_style.inference.arrays import stylize_array
from fast_style.inference.engines.choosing import choose_engine
from fast_style.inference.engines.choosing import load_engine
from fast_style.inference.engines.registry import ENGINES
from fast_style.inference.formats.registry import name_format
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.mixing import Mixer
from fast_style.io.images import open_image
from fast_style.io.metadata import copy_metadata
from fast_style.io.stored_rows import StoredRows
from fast_style.models.catalog import find_style
from fast_style.models.catalog import is_bundled
from fast_style.models.style_files import read_style
from fast_style.models.style_files import to_trained_style


class Stylizer:
    """Repaints pictures in one style; made by `load_style`.

    Compiled at the first picture, once for all sizes and batches. May be
    called from many threads at once. Other processes get it as the style that it
    was loaded from, and load it again.

    Args:
        loaded: What stylizes; of a style that is several, without a function.
        name: What `repr` shows.
        reload: A function without arguments that makes the same in another process;
            None: it stays in this one.
        mixer: `Mixer` of a style that is several.
    """

    def __init__(
        self, loaded: LoadedStyle, *, name: str = "style", reload=None, mixer=None
    ):
        self._loaded = loaded
        self._mixer = mixer
        self._reload = reload
        self.name = name
        self.engine = loaded.engine
        self.precision = loaded.precision
        self.most_pixels = loaded.most_pixels

    def __reduce__(self):
        if self._reload is None:
            raise TypeError(
                "Only a `Stylizer` that `load_style` made can be sent to another "
                f"process. Received: {self!r}"
            )
        return self._reload, ()

    def __call__(self, image, **options):
        """Repaints one picture or a batch; see `stylize`."""
        options = Options(**options)
        if isinstance(image, StoredRows):
            return self._stylize_array(image, options)
        if hasattr(image, "__array__") and not isinstance(image, Image.Image):
            return self._stylize_array(np.asarray(image), options)
        opened = open_image(image, max_pixels=options.max_pixels)
        stylized = Image.fromarray(self._stylize_array(np.asarray(opened), options))
        copy_metadata(opened, stylized)
        return stylized

    def takes_rows(self, num_pixels: int, **options) -> bool:
        """Returns whether a picture may be `StoredRows`, as it is done in strips.

        Args:
            num_pixels: Of the picture.
            **options: As in `stylize`.
        """
        return is_done_by_rows(num_pixels, self._loaded, Options(**options))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the styles, if it has several; else there are none."""
        return self._mixer.names if self._mixer else ()

    @property
    def is_any(self) -> bool:
        """Whether it paints like any picture, which `style_image` names."""
        return bool(self._mixer) and not self._mixer.names

    @property
    def strengths(self) -> tuple[float, ...]:
        """That were trained in, ascending to 1; `(1.0,)`: no other was."""
        return self._mixer.strengths if self._mixer else (1.0,)

    def _stylize_array(self, array, options):
        if self._mixer:
            return self._mixer.stylize(array, options)
        if options.name is not None or options.styles is not None:
            raise ValueError(
                "`name` and `styles` are for a style that has several. "
                f"Received: {self!r}, which has one."
            )
        if options.style_image is not None:
            raise ValueError(
                "`style_image` is for a style that paints like any picture. "
                f"Received: {self!r}, which has one style."
            )
        return stylize_array(array, self._loaded, options)

    def __repr__(self):
        how = f", engine={self.engine!r}, precision={self.precision!r}"
        return f"Stylizer({self.name!r}{how if self.engine else ''})"


def load_style(
    style="starry_night", *, engine: str = "auto", precision: str = "auto"
) -> Stylizer:
    """Loads a style for use on many pictures.

    Args:
        style: Name of a bundled style (`list_styles()`) or collection of them
            (`list_collections()`), workdir of a training, `.keras`, `.onnx` or
            `.tflite` file, folder of an exported SavedModel or OpenVINO model, a
            generator, or a `Stylizer`, which comes back as it is.
        engine: `"openvino"`, `"onnxruntime"`, `"litert"` or `"tensorflow"`, or
            `"auto"`, the first of them that is installed and runs the style's format;
            a generator runs in TensorFlow. Only `"tensorflow"` imports TensorFlow,
            `"litert"` the first time that a `.keras` file is loaded, and pictures
            that are stylized in strips.
        precision: `"float32"`; `"bfloat16"`, which OpenVINO and TensorFlow have:
            faster on CPUs that compute in it, and some levels off; `"int8"`, which
            LiteRT has. `"auto"` is bfloat16 with OpenVINO on a CPU that computes in it
            (AMX or AVX-512 BF16), where photos differ by less than a level on average
            and have 40 dB or more; else float32. An export is of the precision that it
            was exported in.

    Returns:
        A `Stylizer`, to be called with pictures.

    Raises:
        FileNotFoundError: If there is no such style.
        ImportError: If the engine is not installed.
        ValueError: If the file is not a style, or the engine cannot run it.
    """
    if isinstance(style, Stylizer):
        return style
    if _is_generator(style):
        return _load_generator(style, engine, precision)
    path = find_style(style)
    kind = name_format(path)
    engine, precision = choose_engine(path, engine, precision)
    load = load_engine(engine).load
    # Other processes may have another current folder, and other machines our files
    # in another place.
    anywhere = style if is_bundled(style) else os.path.abspath(style)
    reload = functools.partial(load_style, anywhere, engine=engine, precision=precision)
    about = {"name": os.fspath(style), "reload": reload}
    spec = ENGINES[engine]
    make = functools.partial(
        LoadedStyle,
        engine=engine,
        precision=precision,
        most_pixels=spec.most_pixels,
        wrong_pixels=spec.wrong_pixels,
    )
    if kind != "keras":
        return Stylizer(make(function=load(path, precision)), **about)
    return _make_stylizer(read_style(path), lambda x: load(x, precision), make, **about)


def _make_stylizer(style, compile_style, make, **about):
    if style.conditions is None and style.predictor is None:
        loaded = make(function=compile_style(style), read=lambda: style)
        return Stylizer(loaded, **about)
    stages = {}  # All mixtures have the same kernels.

    def load(mixed):
        return make(function=compile_style(mixed), read=lambda: mixed, stages=stages)

    whole = make(function=None, read=lambda: style)
    return Stylizer(whole, mixer=Mixer(style, load), **about)


def _load_generator(generator, engine, precision):
    received = (engine, precision)
    if engine not in ("auto", "tensorflow") or precision not in ("auto", "float32"):
        raise ValueError(
            "A generator runs in TensorFlow and float32; save it for other engines. "
            f"Received: engine, precision={received}"
        )
    return _load_trained_style(to_trained_style(generator))


def _load_trained_style(style):
    from fast_style.inference.tensorflow_graph import make_array_function

    return _make_stylizer(
        style,
        make_array_function,
        functools.partial(
            LoadedStyle,
            engine="tensorflow",
            most_pixels=ENGINES["tensorflow"].most_pixels,
        ),
        name=style.name,
        reload=functools.partial(_load_trained_style, style),
    )


def _is_generator(style):
    keras = sys.modules.get("keras")  # Which who has a generator has imported.
    return keras is not None and isinstance(style, keras.Model)
