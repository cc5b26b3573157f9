"""Packages that only some work needs, and that `pip install fast_style` leaves out."""

import importlib
import importlib.util

# Package to the extra of setup.cfg that installs it; none for what always should be.
EXTRAS = {
    "ai_edge_litert": "litert",
    "jinja2": "report",
    "matplotlib": "report",
    "onnx": "onnx",
    "onnxruntime": "onnx",
    "openvino": "openvino",
    "pillow_heif": "heif",
    "pyvips": "deep_color",
    "scipy": "report",
    "tensorboard": "report",
    "tensorflow": "",
}


def is_installed(package: str) -> bool:
    """Returns whether a package of an extra is installed, without importing it.

    Args:
        package: Such as `"scipy"`.
    """
    return importlib.util.find_spec(package) is not None


def check_installed(package: str, purpose: str) -> None:
    """Checks that a package of an extra is installed, before any work is done.

    Args:
        package: A key of `EXTRAS`, such as `"scipy"`.
        purpose: What needs it, such as `"The slow method"`.

    Raises:
        ImportError: If it is not; the message has the command that installs it.
    """
    if not is_installed(package):
        raise ImportError(
            f"{purpose} needs {package}, which is not installed. Install it with: "
            f"{name_command(package)}"
        )


def name_command(package: str) -> str:
    """Returns the command that installs a package, a key of `EXTRAS`."""
    extra = EXTRAS[package]
    requirement = f'"fast_style[{extra}]"' if extra else package
    return f"pip install {requirement}"
