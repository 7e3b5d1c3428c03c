"""The functions of heads are SymPy's own, looked up faster."""

import pickle

from sympy import Function, Symbol

from jacspec.theory.notation.functions import function
from jacspec.theory.notation.symbols import M, l

X = Symbol("X")


def test_a_function_is_the_one_that_sympy_makes_of_its_name_and_assumptions():
    ours, theirs = function("f", real=True, positive=None), Function("f", real=True, positive=None)
    assert ours == theirs
    assert theirs == ours
    assert hash(ours) == hash(theirs)
    assert ours.class_key() == theirs.class_key()
    assert ours(X) == theirs(X)


def test_functions_of_other_names_or_assumptions_are_others():
    assert function("f", real=True) != function("g", real=True)
    assert function("f", real=True) != function("f", commutative=False)


def test_a_pickled_head_comes_back_as_a_function_of_the_same_kind():
    again = pickle.loads(pickle.dumps(M(l)))  # noqa: S301 -- our own
    assert again == M(l)
    assert type(type(again)) is type(type(M(l)))
