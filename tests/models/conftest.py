"""What the tests of generators and their files share."""

import json
import zipfile

import pytest

from fast_style.models.generator import build_generator


@pytest.fixture(scope="package")
def tiny():
    return build_generator("tiny")


@pytest.fixture(scope="package")
def rewrite():
    """Replaces members of a `.keras` file; None removes one."""

    def rewrite_members(path, changes):
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members |= changes
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                if data is not None:
                    archive.writestr(name, data)

    return rewrite_members


@pytest.fixture(scope="package")
def read_fields():
    """Reads the architecture in a `.keras` file."""

    def read(path):
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("architecture.json"))

    return read
