"""What a user finds in ``jacspec.numerics``, and modules that nothing hides."""

import importlib
import pkgutil
import types

import jacspec
import jacspec.numerics

PUBLIC = {
    "Chain", "DepthScaling", "InputError", "Origin", "Overlap", "PartialSpectra", "PrecisionError",
    "PrincipalAngles", "Spectrum", "StrongAlignment", "Velocities", "depth_scaling", "gradient_flow",
    "left_overlap", "open_source", "partial_spectra", "principal_angles", "rank", "right_overlap", "spectrum",
    "strong_alignment", "velocities",
    "max_memory", "LeadingModes", "MatrixFree", "leading_modes", "Spectra", "SpectraAlong",
}  # fmt: skip


def test_the_package_shows_what_a_user_may_use_and_nothing_else():
    assert set(dir(jacspec.numerics)) == PUBLIC
    for name in PUBLIC:
        assert not isinstance(getattr(jacspec.numerics, name), types.ModuleType)


def test_no_public_room_shows_its_files():
    rooms = {jacspec.theory, jacspec.numerics, jacspec.proofs_check, jacspec.strategies}
    for room in (jacspec, *rooms):
        assert dir(room) == sorted(room.__all__)
        shown = {name for name in dir(room) if isinstance(getattr(room, name), types.ModuleType)}
        assert {getattr(room, name) for name in shown} <= rooms


def test_no_function_hides_its_own_module():
    found = list(pkgutil.walk_packages(jacspec.numerics.__path__, "jacspec.numerics."))
    assert len(found) > 50
    for module in found:
        imported = importlib.import_module(module.name)
        package, _, name = module.name.rpartition(".")
        assert getattr(importlib.import_module(package), name) is imported
