"""Pictures in, stylized pictures out; and exports to other programs."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "Stylizer": "stylizer",
        "load_style": "stylizer",
        "stylize": "stylizing",
        "ExportReport": "export",
        "export_style": "export",
        "make_function": "tensorflow_graph",
    },
)
