"""Field kinds (conventions 8): what ``properties.kind`` may say and on which form-js type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

#: kinds whose value is the id of something in the directory or in a register
REFERENCES = frozenset({"person", "unit", "area", "committee", "post", "case", "commitment"})

#: form-js types that carry a value, by the shape of the value
TEXT_TYPES = frozenset({"textfield", "textarea"})
CHOICE_TYPES = frozenset({"radio", "select"})
CHOICES_TYPES = frozenset({"checklist", "taglist"})
INPUT_TYPES = TEXT_TYPES | CHOICE_TYPES | CHOICES_TYPES | {"number", "datetime", "checkbox", "filepicker", "dynamiclist"}

#: shown, never submitted
DISPLAY_TYPES = frozenset({"text", "html", "image", "separator", "spacer", "table", "button", "documentPreview", "iframe"})
#: refused: they load foreign pages into ours or run what is written in them; our page brings the buttons
REFUSED_TYPES = frozenset({"iframe", "html", "button", "documentPreview"})
KNOWN_TYPES = INPUT_TYPES | DISPLAY_TYPES | {"group", "expression"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind and the form-js types it may sit on, with the bounds it brings."""

    types: frozenset[str]
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    digits: int | None = None
    rules: tuple[str, ...] = ()


_REFERENCE = Kind(types=frozenset({"textfield", "select", "taglist"}))

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(REFERENCES, _REFERENCE),
    "money": Kind(types=frozenset({"number"}), minimum=Decimal(0), digits=2),
    "score": Kind(types=frozenset({"number"}), minimum=Decimal(0), maximum=Decimal(100), digits=1),
    "phone": Kind(types=frozenset({"textfield"}), rules=("V-PHONE",)),
    "uscc": Kind(types=frozenset({"textfield"}), rules=("V-USCC",)),
    "geo": Kind(types=frozenset({"textfield"})),
    "signature": Kind(types=frozenset({"textfield"})),
    "file": Kind(types=frozenset({"filepicker"}), rules=("V-FILE",)),
    "score_table": Kind(types=frozenset({"dynamiclist"}), rules=("V-SUM100", "V-SCORES")),
}

#: columns a score table's rows must have
SCORE_COLUMNS = ("indicator", "weight", "score", "remark")
