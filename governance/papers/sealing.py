"""Seals on PDFs (PAdES B-B) with the installation's own key, and what a seal still says about a file."""

from __future__ import annotations

import html
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.ids import digest
from governance.papers.keys import Keys, keys_of
from governance.papers.pdf import print_html
from governance.papers.styles import FAMILIES

FIELD = "CogovSeal"
#: where the stamp stands on the last page, in points from the lower left corner
_WIDTH, _HEIGHT, _MARGIN = 236, 62, 26
#: 电子签名法 13: what makes an electronic signature reliable; 14: only such a one equals a seal
STATEMENT: Mapping[str, str] = {
    "zh": "本件由系统自有密钥加封，只用于核对文本是否改动。该密钥不属于任何签名人专有和控制，"
    "不符合《电子签名法》第十三条关于可靠电子签名的条件，不具有第十四条所称与手写签名或者盖章同等的法律效力。",
    "en": "This file is sealed with the system's own key, only to check that it is unchanged. No signatory alone owns or controls "
    "that key, so it does not meet the conditions of a reliable electronic signature (Electronic Signature Law, art. 13) and has no "
    "legal weight as a handwritten signature or a seal (art. 14).",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    content: bytes
    #: digest of the certificate
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the seal in a file says. `intact`: the sealed bytes are unchanged. `whole`: nothing was added after the seal.
    `ours`: it was made with this installation's key."""

    sealed: bool = False
    intact: bool = False
    whole: bool = False
    ours: bool = False
    at: datetime | None = None

    @property
    def good(self) -> bool:
        return self.sealed and self.intact and self.whole and self.ours


class Seals:
    """Seals and checks. `folder` holds the keys, which are made when the first PDF is sealed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keys(self, now: datetime) -> Keys:
        """The key files, made if there are none."""
        return keys_of(self._folder, now)

    def seal(self, pdf: bytes, *, language: str, code: str, address: str, at: datetime) -> Sealed:
        """The PDF with a visible stamp on its last page and a signature over all of it. `address` is the verification page's.
        Raises PdfUnavailable."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
        from pyhanko.stamp import StaticStampStyle

        keys = self.keys(at)
        load: Any = signers.SimpleSigner.load  # untyped
        signer = load(str(keys.key), str(keys.certificate), ca_chain_files=(str(keys.ca),))
        stamp = print_html(_stamp_page(language, code, address), at)
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason=_REASON[language],
        )  # fmt: skip
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        place = fields.SigFieldSpec(FIELD, -1, _box(writer))
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:  # pyHanko reads the stamp from a file while it signs
            file.write(stamp)
            file.flush()
            style = StaticStampStyle.from_pdf_file(file.name, border_width=0, background_opacity=1)
            made = _signer_at(at)(meta, signer=signer, stamp_style=style, new_field_spec=place).sign_pdf(writer)
        content: bytes = made.getvalue()
        return Sealed(content=content, certificate=digest(keys.certificate.read_bytes()))

    def check(self, pdf: bytes, *, at: datetime) -> Checked:
        """What the seal of a file says at a moment. Never raises for a broken file: then nothing is sealed."""
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.pdf_utils.reader import PdfFileReader

        try:
            embedded = next((s for s in PdfFileReader(io.BytesIO(pdf)).embedded_signatures if s.field_name == FIELD), None)
            return Checked() if embedded is None else self._status(embedded, at)
        except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            return Checked()  # what cannot be read as PDF holds no seal that could be checked

    def _status(self, embedded: Any, at: datetime) -> Checked:
        from pyhanko.keys import load_cert_from_pemder
        from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext

        load: Any = load_cert_from_pemder  # untyped
        ca = load(str(self.keys(at).ca))
        context = ValidationContext(trust_roots=[ca], allow_fetching=False, moment=at, best_signature_time=at)
        status = validate_pdf_signature(embedded, context)
        return Checked(
            sealed=True,
            intact=bool(status.intact and status.valid),
            whole=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            ours=bool(status.trusted),
            at=status.signer_reported_dt,
        )


_REASON = {"zh": "核对文本是否改动（无法律效力）", "en": "To check that the text is unchanged (no legal weight)"}


def _signer_at(at: datetime) -> Any:
    """A signer whose time is the Clock's."""
    from pyhanko.sign import signers

    class ClockedSigner(signers.PdfSigner):
        def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
            session = super().init_signing_session(*args, **kwargs)
            session.system_time = at
            return session

    return ClockedSigner


def _box(writer: Any) -> tuple[int, int, int, int]:
    """Lower right of the last page, under the text."""
    page = writer.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][-1]
    box = page["/MediaBox"] if "/MediaBox" in page else writer.root["/Pages"]["/MediaBox"]
    right = int(float(box[2])) - _MARGIN
    return right - _WIDTH, _MARGIN - 8, right, _MARGIN - 8 + _HEIGHT


def _stamp_page(language: str, code: str, address: str) -> str:
    """A page of the stamp's size: QR code and what the seal is."""
    import segno

    target = f"{address.rstrip('/')}/verify/{code}" if address else code  # without an address a phone shows the code
    qr = io.BytesIO()
    segno.make(target, error="m").save(qr, kind="svg", border=0, xmldecl=False, svgns=True, scale=2, omitsize=True, dark="#8b1a1a")
    head, text, label = {
        "zh": ("系统加封 · 无法律效力", "仅用于核对文本是否改动，不是电子印章或签名", "核验码"),
        "en": ("System seal · no legal weight", "Shows that the text is unchanged; no electronic signature", "Code"),
    }[language]
    shown = " ".join(code[i : i + 4] for i in range(0, len(code), 4))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><style>@page{{size:{_WIDTH}pt {_HEIGHT}pt;margin:0}}'
        f"body{{margin:0;color:#8b1a1a;font:7pt/1.25 {FAMILIES['hei']}}}.s{{border:.8pt solid #8b1a1a;border-radius:3pt;"
        f"width:{_WIDTH - 4}pt;height:{_HEIGHT - 4}pt;margin:1pt;box-sizing:border-box;position:relative}}"
        ".q{position:absolute;left:4pt;top:4pt;width:49pt;height:49pt}.q svg{width:49pt;height:49pt}.t{position:absolute;left:58pt;top:3pt;"
        "right:4pt}b{display:block;font-size:9pt}code{font:6.6pt 'DejaVu Sans Mono',monospace}</style></head><body><div class=\"s\">"
        f'<div class="q">{qr.getvalue().decode()}</div><div class="t"><b>{head}</b>{text}<br>{label} <code>{shown}</code><br>'
        f"{html.escape(address.rstrip('/'))}/verify</div></div></body></html>"
    )
