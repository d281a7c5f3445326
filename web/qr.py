"""QR codes as SVG that the page's policy allows: plain paths, no script, no style."""

from __future__ import annotations

from io import BytesIO

import segno
from markupsafe import Markup


def qr_svg(text: str, title: str) -> Markup:
    """The code of `text`, error correction M; black on white in both themes, since cameras expect it so."""
    drawn = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, omitsize=True, border=2, light="#fff", title=title)
    # made by segno from squares; `title` is escaped by it
    return Markup(drawn.getvalue().decode("utf8"))  # noqa: S704
