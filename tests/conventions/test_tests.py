"""The tests lie as the package does."""

import pathlib

TESTS = pathlib.Path(__file__).parent.parent
# About the whole: what the project promises, bundled styles, whole commands.
OTHERS = ("compat", "conventions", "integration")


def test_each_file_of_tests_has_the_file_that_it_tests(package):
    lost = []
    for path in TESTS.rglob("test_*.py"):
        relative = path.relative_to(TESTS)
        if relative.parts[0] in OTHERS:
            continue
        folder = package / relative.parent
        name = path.stem.removeprefix("test_")
        modules = [p.stem for p in folder.iterdir() if p.suffix == ".py" or p.is_dir()]
        # `test_run_resuming.py` is about one side of `run.py`.
        found = {*modules, folder.name}
        if not any(name == each or name.startswith(f"{each}_") for each in found):
            lost.append(str(relative))

    assert not lost
