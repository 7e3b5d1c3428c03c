"""What a terminal of a hundred columns would show, without colour or control characters."""

from io import StringIO

from rich.console import Console

from jacspec.documents.text import COLUMNS


def plain(renderable):
    out = StringIO()
    console = Console(file=out, width=COLUMNS, highlight=False, markup=False, color_system=None)
    console.print(renderable)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
