"""A user's Python file: run once in a process, and what it defines at its top level, by name."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from jacspec.numerics import InputError
from jacspec.numerics.files.reading import what_is_there
from jacspec.numerics.support.arguments import hint
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.user_code import guest, held_by, said_by
from jacspec.theory import Derivation


def split_target(target: str) -> tuple[Path, str] | None:
    """The file and the name (or none) of ``FILE.py`` or ``FILE.py:NAME``; None for anything else."""
    if target.endswith(".py"):
        return Path(target), ""
    file, separator, name = target.rpartition(".py:")
    return (Path(f"{file}.py"), name) if separator else None


def _namespace(file: Path) -> Mapping[str, Any]:
    """What a user's file defines. Raises InputError, with the line if there is one, if it cannot be run."""
    wrong = what_is_there(file)
    if wrong:
        said = f"no file {str(file)!r}" if wrong == "not there" else f"{str(file)!r} is {wrong}"
        message = f"{said}: expected a Python file of claims; check the path"
        raise InputError(message)
    return _run(file.resolve())


@cache
def _run(file: Path) -> Mapping[str, Any]:
    """Run a user's file; its folder is importable from then on, behind everything else."""
    name = f"jacspec_claims_{hashlib.sha256(os.fsencode(file)).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        message = f"cannot read {str(file)!r} as Python: expected a file that ends in .py"
        raise InputError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    with guarded(file):
        spec.loader.exec_module(module)
    return vars(module)


@contextmanager
def guarded(file: Path) -> Iterator[None]:
    """The block runs a user's code: whatever it raises, an interrupt aside, is an InputError of one line."""
    try:
        with guest():
            yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise InputError(_said(error, file)) from error


def _said(error: BaseException, file: Path) -> str:
    """What a user's file raised, at the line of it through which the traceback passes."""
    if isinstance(error, SyntaxError):
        place = f"{file}:{error.lineno}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == file]
        place = f"{file}:{lines[-1]}" if lines else str(file)
    return f"{place}: {said_by(error)}; mend the file and run it again"


def load_claims(file: Path) -> dict[str, Claim]:
    """The claims that a user's file defines at its top level, by label.

    Raises InputError if it cannot be run, holds no claim, or two of one label.
    """
    claims: dict[str, Claim] = {}
    for value in _namespace(file).values():
        for claim in _claims_in(value):
            if claims.get(claim.label, claim) is not claim:
                message = f"{file}: two claims are called {claim.label!r}; labels must differ"
                raise InputError(message)
            claims[claim.label] = claim
    if not claims:
        message = f"{file} defines no claim: expected one at its top level, such as mine = claim(...)"
        raise InputError(message)
    return claims


def _claims_in(value: Any) -> list[Claim]:
    return [each for each in held_by(value) if issubclass(type(each), Claim)]


def claims_of(file: Path, name: str) -> list[str]:
    """The labels of the claims in a file, or of those that have a name in it, or of that label."""
    claims = load_claims(file)
    if not name:
        return list(claims)
    labels = [each.label for each in _claims_in(_namespace(file).get(name, ()))]
    if not labels and name in claims:
        labels = [name]
    if not labels:
        meant = hint(name, claims, f"it defines {', '.join(claims)}")
        message = f"{file}:{name}: expected the name or the label of a claim in that file; {meant}"
        raise InputError(message)
    return labels


def derivation_in(file: Path, name: str) -> Derivation:
    """The derivation of that name, or of that label, in a user's file.

    A name may stand for a derivation, for a function that returns one, or for a claim that has one. Raises
    InputError if there is none, and, with the file's line, if it cannot be made.
    """
    makers: dict[str, Callable[[], Derivation]] = {}
    for key, value in _namespace(file).items():
        if issubclass(type(value), Derivation):
            makers |= dict.fromkeys((key, value.label), partial(replace, value))
        elif issubclass(type(value), Claim) and value.derivation is not None:
            makers |= dict.fromkeys((key, value.label), value.derivation)
    chosen = makers.get(name) or _namespace(file).get(name)
    if not name or not callable(chosen):
        meant = hint(name, makers, f"it defines {', '.join(makers) or 'none'}")
        message = f"{file}:{name}: expected the name or the label of a derivation in that file; {meant}"
        raise InputError(message)
    with guarded(file.resolve()):
        made = chosen()
    if not issubclass(type(made), Derivation):
        message = f"{file}:{name} is no derivation: it gives {type(made).__name__}; name a Derivation(...)"
        raise InputError(message)
    return made
