"""Chains, and what is measured on them, in a notebook: well formed, whole, all text escaped."""

from __future__ import annotations

from html.parser import HTMLParser

from jacspec.documents import text as terminal
from jacspec.numerics import (
    Chain,
    depth_scaling,
    left_overlap,
    partial_spectra,
    principal_angles,
    spectrum,
    strong_alignment,
    velocities,
)


class Page(HTMLParser):
    """The text of a page, the rows of its outermost tables, and a check that every tag is closed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.text = [], ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data + " "


def words(page):
    return " ".join(Page(page).text.split())


def test_a_small_chain_shows_its_factors():
    text = words(Chain([[[1, 0.5]], [["1/3"]]])._repr_html_())
    assert text == "Chain(depth=2, J: 1×2, rational) M 1 = [ 1 0.5 ] M 2 = [ 1 3 ]"


def test_a_large_chain_only_says_what_it_is():
    chain = Chain.gaussian(depth=50, width=3, seed=0)
    assert words(chain._repr_html_()) == repr(chain)


def test_a_spectrum_shows_its_values_and_leaves_out_the_middle_of_many():
    result = spectrum(Chain([[[2, 0], [0, 0]]]), digits=20)
    text = words(result._repr_html_())
    for part in (*result.decimal_strings(), "-inf", "rank 1", "certified to 20 digits"):
        assert part in text
    many = spectrum(Chain.haar(depth=2, width=40, seed=0), engine="float64")
    strings = many.decimal_strings()
    text = words(many._repr_html_())
    assert "(16 more)" in text
    assert strings[0] in text
    assert strings[-1] in text


CHAIN = Chain.gaussian(depth=30, width=3, seed=0)


def test_depth_scaling_shows_its_exponents_and_which_modes_have_none():
    fit = depth_scaling(CHAIN)
    text = words(fit._repr_html_())
    assert "log s k ≈ m γ k + δ k" in text
    for gamma, delta in zip(fit.gamma, fit.delta, strict=True):
        assert f"{gamma:.8f} {delta:.8f}" in text
    dead = Chain([[[1, 2], [0, 0]], [[1, 0], [3, 1]]])
    assert "2 no exponent: s 2 ( J ) = 0" in words(depth_scaling(dead)._repr_html_())


def test_strong_alignment_shows_every_layer_or_the_ends_of_many():
    found = strong_alignment(CHAIN)
    text = words(found._repr_html_())
    assert f"strong alignment at level ε = {found.epsilon:.6g}" in text
    assert "(7 more)" in text
    for value in (found.left[0], found.left[-1], found.right[-1]):
        assert f"{float(value.mid()):.6g}" in text
    identity = [[1, 0], [0, 1]]
    assert "not determined" in words(strong_alignment(Chain([identity, identity]))._repr_html_())


def test_velocities_show_both_and_their_quotient():
    motion = [[[1, 0, 0], [0, 0, 0], [0, 0, 1]]] * CHAIN.depth
    found = velocities(CHAIN, motion)
    text = words(found._repr_html_())
    for exact, ratio in zip(found.exact, found.ratios, strict=True):
        assert exact.str(12, radius=False) in text
        assert f"{ratio:.4g}" in text


def test_partial_spectra_show_both_ends_of_every_product():
    found = partial_spectra(Chain([[[2, 0], [0, 1]], [[3, 0], [0, 0]]]), engine="float64")
    assert words(found._repr_html_()).endswith(
        "1 1.791759 1.791759 0.000000 0.000000 2 1.098612 1.098612 0.693147 0.000000 "
        "3 0.000000 0.000000 1.791759 1.791759"
    )


def test_an_overlap_is_drawn_entry_by_entry():
    overlap = left_overlap(Chain([[[1, 0], [0, "1/2"]], [[3, 0], [0, 1]]]), layer=2)
    page = overlap._repr_html_()
    assert words(page) == str(overlap)
    assert page.count("fill-opacity='1'") == 2  # the identity; its zeros are not drawn
    equal = left_overlap(Chain([[[1, 0], [0, "1/2"]], [[1, 0], [0, 1]]]), layer=2)
    assert equal._repr_html_().count("stroke-width='.08'") == 4  # undetermined


def test_of_a_large_overlap_the_first_entries_are_drawn():
    overlap = left_overlap(Chain.gaussian(depth=2, width=33, seed=0), layer=2)
    page = overlap._repr_html_()
    assert "the first 32×32 entries are drawn" in words(page)
    assert len(page) < 60_000


def test_principal_angles_show_their_balls():
    angles = principal_angles(left_overlap(CHAIN, layer=20), 2)
    text = words(angles._repr_html_())
    assert all(angle.str(12, radius=False) in text for angle in (*angles.angles, *angles.sines))


def test_a_console_shows_what_print_does() -> None:
    class Printer:
        shown = ""

        def text(self, given: str) -> None:
            self.shown += given

    for result in (CHAIN, spectrum(CHAIN), depth_scaling(CHAIN), strong_alignment(CHAIN)):
        printer = Printer()
        type(result).__dict__["_repr_pretty_"](result, printer, False)
        assert printer.shown == str(result)


def test_every_result_fits_a_terminal_as_a_document() -> None:
    found = (
        CHAIN,
        spectrum(CHAIN),
        depth_scaling(CHAIN),
        partial_spectra(CHAIN),
        left_overlap(CHAIN, layer=2),
        principal_angles(left_overlap(CHAIN, layer=2), 2),
        strong_alignment(CHAIN),
        velocities(CHAIN, [[[1, 0, 0], [0, 0, 0], [0, 0, 1]]] * CHAIN.depth),
    )
    for result in found:
        assert max(map(len, terminal.write(result.blocks()).splitlines())) <= 100
