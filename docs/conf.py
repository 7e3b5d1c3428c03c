"""The documentation as a site: ``make docs`` writes it to build/site, where it opens from disk."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import jacspec

project = "jacspec"
author = "The jacspec developers"
copyright = author  # noqa: A001 -- the name that Sphinx reads
version = release = jacspec.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
    "matplotlib.sphinxext.plot_directive",
    "mathematics",
    "docstrings",
    "accessible",
]
exclude_patterns = ["_ext"]
nitpicky = False
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # what the tutorial shows is run by the tests
plot_formats = ["svg"]
plot_html_show_formats = False
plot_html_show_source_link = False
plot_include_source = True
autodoc_typehints = "signature"
suppress_warnings = ["ref.python"]  # a field that two results have
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = True
add_module_names = False
smartquotes_action = "qe"  # two hyphens are those of an option
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "jacspec"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b57b0", "color-brand-content": "#0b57b0"},
    "dark_css_variables": {"color-brand-primary": "#7fb6ff", "color-brand-content": "#7fb6ff"},
}
