"""PDF of a paper. WeasyPrint is imported when the first one is made: it needs pango from the system, and nothing else does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.errors import CogovError
from governance.papers.pages import page_html


class PdfUnavailable(CogovError):
    """PDF cannot be made on this machine; the docx can be downloaded."""

    code = "pdf_unavailable"

    def __init__(self, cause: Exception) -> None:
        super().__init__(
            "本机缺少 PDF 组件（pango），请管理员运行 make system-deps，或安装 libpango-1.0-0、libpangoft2-1.0-0、libharfbuzz-subset0 "
            "和中文字体；docx 可照常下载 / this machine lacks the PDF libraries (pango): run make system-deps, or install libpango-1.0-0, "
            "libpangoft2-1.0-0, libharfbuzz-subset0 and a Chinese font; the docx can be downloaded",
            cause=str(cause)[:200],
        )


class Refused(Exception):
    """A page tried to load something."""


def to_pdf(docx: bytes, *, language: str, title: str, at: datetime, mark: str | None = None) -> bytes:
    """The paper as PDF (A4 unless the template says otherwise). `mark` is printed across each page. Raises PdfUnavailable."""
    return print_html(page_html(docx, language=language, title=title, mark=mark), at)


def print_html(page: str, at: datetime) -> bytes:
    """A page of our own as PDF. It may load nothing, neither from the network nor from the disk. Raises PdfUnavailable."""
    html_class = _weasyprint()
    document = html_class(string=page, url_fetcher=_refuse).render()
    document.metadata.created = document.metadata.modified = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    made: bytes = document.write_pdf()
    return made


def _weasyprint() -> Any:
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise PdfUnavailable(error) from error
    return HTML


def _refuse(url: str, *_args: object, **_options: object) -> dict[str, Any]:
    raise Refused(f"nothing is loaded while a paper is printed: {url[:100]}")
