"""marshmallow fields for form-js components. They are stateless: what depends on the submission comes from the current Frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import re2
from marshmallow import Schema, ValidationError, fields, missing

from engine.forms.expressions import is_expression
from engine.forms.kinds import KINDS, REFERENCES
from engine.forms.loading_state import FRAME, Frame, Wrong, refuse
from engine.forms.options import options
from engine.forms.reading import has_control_characters, is_blank, read_number, read_temporal
from engine.forms.tree import Component, get_at
from engine.values import normalise

_EMAIL = re2.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class FormField(fields.Field[Any]):
    """A component's value. Blank is one question (required), wrong another."""

    #: value of an optional field left blank
    blank: ClassVar[Any] = None
    required_text: ClassVar[str] = "required"

    def __init__(self, component: Component, prefix: tuple[str, ...]) -> None:
        super().__init__(allow_none=True)
        self.component = component
        self.prefix = prefix

    def deserialize(self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:  # noqa: ARG002 (marshmallow's signature)
        if value is missing or is_blank(value):
            if self.component.required:
                raise refuse("V-REQ", self.required_text)
            return [] if self.blank == () else self.blank
        return self.read(value)

    def read(self, value: Any) -> Any:
        raise NotImplementedError


class TextField(FormField):
    """textfield, textarea. Lengths count characters without the blanks around the text, as form-js does."""

    def read(self, value: Any) -> str:
        text = _clean_text(value)
        if self.component.type == "textfield" and ("\n" in text or "\r" in text):
            raise refuse("V-TEXT", "one_line")
        self._measure(text)
        pattern = self.component.validate.get("pattern")
        if pattern and not re2.search(pattern, text):
            message = self.component.text("patternErrorMessage", FRAME.get().language) or self.component.validate.get("patternErrorMessage")
            raise ValidationError([Wrong("V-PATTERN", "pattern", text=message or None)])
        if self.component.validate.get("validationType") == "email" and not _EMAIL.fullmatch(text):
            raise refuse("V-EMAIL", "email")
        return text

    def _measure(self, text: str) -> None:
        frame, validate = FRAME.get(), self.component.validate
        least, most = frame.value(validate.get("minLength")), frame.value(validate.get("maxLength"))
        most = min(most, frame.context.limits.text) if isinstance(most, (int, Decimal)) else frame.context.limits.text
        if isinstance(least, (int, Decimal)) and len(text) < least:
            raise refuse("V-LEN", "too_short", least=least, actual=len(text))
        if len(text) > most:
            raise refuse("V-LEN", "too_long", most=most, actual=len(text))


class NumberField(FormField):
    """number, money, score: an exact Decimal."""

    def read(self, value: Any) -> Decimal:
        try:
            number = read_number(value)
        except ValueError as error:
            raise refuse("V-NUM", "number") from error
        kind = KINDS.get(self.component.kind or "")
        digits = self.component.source.get("decimalDigits", kind.digits if kind else None)
        if isinstance(digits, int) and number != round(number, digits):
            raise refuse("V-DIGITS", "digits", most=digits)
        self._bounds(number, kind.minimum if kind else None, kind.maximum if kind else None)
        step = self.component.source.get("increment")
        if step and number % Decimal(str(step)):
            raise refuse("V-STEP", "step", step=step)
        return number

    def _bounds(self, number: Decimal, least: Any, most: Any) -> None:
        frame, validate = FRAME.get(), self.component.validate
        own_least, own_most = _number_or_none(frame.value(validate.get("min"))), _number_or_none(frame.value(validate.get("max")))
        least, most = own_least if own_least is not None else least, own_most if own_most is not None else most
        if least is not None and number < least:
            raise refuse("V-MIN", "too_small", least=format(least, "f"))
        if most is not None and number > most:
            raise refuse("V-MAX", "too_big", most=format(most, "f"))


class TemporalField(FormField):
    """datetime: date, time, or moment (UTC)."""

    def read(self, value: Any) -> Any:
        context, subtype = FRAME.get().context, self.component.source.get("subtype", "date")
        try:
            moment = read_temporal(value, subtype, context.zone)
        except (ValueError, OverflowError) as error:
            raise refuse("V-DATE", subtype if subtype in ("date", "time", "datetime") else "date") from error
        if self.component.source.get("disallowPassedDates") and subtype != "time":
            day = context.local(moment).date() if subtype == "datetime" else moment  # type: ignore[arg-type]
            if day < context.local(context.now).date():  # type: ignore[operator]
                raise refuse("V-PASSED", "not_past", value=day)
        return moment


class CheckboxField(FormField):
    blank: ClassVar[Any] = False
    required_text: ClassVar[str] = "required_true"

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise refuse("V-BOOL", "boolean")
        if self.component.required and not value:
            raise refuse("V-REQ", "required_true")
        return value


def allowed_values(component: Component, frame: Frame) -> list[Any]:
    """Values a choice may take: static, from a variable, or from FEEL over the server's variables; never from the client alone."""
    source = component.source
    if is_expression(source.get("valuesExpression")):
        entries = frame.value(source["valuesExpression"])
    elif source.get("valuesKey"):
        entries = frame.context.data.get(source["valuesKey"])
    else:
        entries = source.get("values")
    return [normalise(entry["value"]) for entry in options(entries, frame.language)]


class ChoiceField(FormField):
    """radio, select."""

    required_text: ClassVar[str] = "required_choice"

    def read(self, value: Any) -> Any:
        return _chosen(value, allowed_values(self.component, FRAME.get()))


class ChoicesField(FormField):
    """checklist, taglist: a list without repetition."""

    blank: ClassVar[Any] = ()
    required_text: ClassVar[str] = "required_choice"

    def read(self, value: Any) -> list[Any]:
        allowed = allowed_values(self.component, FRAME.get())
        return [_chosen(entry, allowed) for entry in _distinct(value)]


class ReferenceField(FormField):
    """A person, unit, area … by id; it must exist at this instant and satisfy ``properties.filter``."""

    required_text: ClassVar[str] = "required_choice"

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > 200 or has_control_characters(value):
            raise refuse("V-REF", "ref")
        context, kind = FRAME.get().context, self.component.kind or ""
        if context.people is None:
            return value
        if not context.people.exists(context.connection, kind, value, context.now):
            raise refuse("V-REF", "ref_person" if kind == "person" else "ref")
        self._filtered(value)
        return value

    def _filtered(self, value: str) -> None:
        frame, condition = FRAME.get(), self.component.properties.get("filter")
        if not is_expression(condition) or frame.context.people is None:
            return
        entry = frame.context.people.describe(frame.context.connection, self.component.kind or "", value, frame.context.now) or {}
        if not satisfies(entry, str(condition), frame):
            raise refuse("V-REF", "ref_filter", value=entry.get("en" if frame.language == "en" else "zh") or value)


def satisfies(entry: Mapping[str, Any], condition: str, frame: Frame) -> bool:
    """Whether a directory entry passes ``properties.filter``: its attributes come first, then the names of the form."""
    inner = Frame(
        context=frame.context, environment=frame.environment, root={**frame.root, **entry}, this=frame.this, parent=frame.parent,
        indexes=frame.indexes, given=frame.given, hidden=frame.hidden,
    )  # fmt: skip
    return inner.value(condition) is True


class ReferencesField(ReferenceField):
    """Several of them (taglist)."""

    blank: ClassVar[Any] = ()

    def read(self, value: Any) -> list[str]:  # type: ignore[override]
        return [ReferenceField.read(self, entry) for entry in _distinct(value)]


class FilesField(FormField):
    """Uploaded files, given by id (or by objects with an id); the value is what the server knows about them.

    A file may be used by the one who uploaded it, as long as it belongs to no other case, or if the field held it before.
    """

    blank: ClassVar[Any] = ()
    required_text: ClassVar[str] = "required_file"

    def read(self, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise refuse("V-LIST", "list")
        frame = FRAME.get()
        before = get_at(frame.given, [*self.prefix, *self.component.path])
        kept: dict[Any, Mapping[str, Any]] = dict(frame.context.kept_files)
        kept.update((file.get("id"), file) for file in (before if isinstance(before, list) else ()) if isinstance(file, Mapping))
        identities = [entry.get("id") if isinstance(entry, Mapping) else entry for entry in value[: frame.context.limits.rows]]
        return [dict(kept[i]) if i in kept else self._uploaded(i, frame) for i in dict.fromkeys(map(str, identities))]

    @staticmethod
    def _uploaded(identity: str, frame: Frame) -> dict[str, Any]:
        context = frame.context
        file = context.files.get(context.connection, identity) if context.files is not None else None
        if file is None or file.uploaded_by != context.person or file.instance is not None:
            raise refuse("V-FILE", "file")
        return {"id": file.id, "name": file.name, "size": Decimal(file.size), "media_type": file.media_type, "digest": file.digest}


class GeoField(FormField):
    """A place: {"address": text, "lat": degrees, "lon": degrees}; the position may be missing, then lat and lon are null."""

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not value.keys() <= {"address", "lat", "lon"}:
            raise refuse("V-GEO", "geo")
        address = _clean_text(value["address"]) if value.get("address") else ""
        lat, lon = (self._degrees(value.get(name), bound) for name, bound in (("lat", 90), ("lon", 180)))
        if (lat is None) != (lon is None) or (lat is None and not address):
            raise refuse("V-GEO", "geo")
        if len(address) > 200:
            raise refuse("V-LEN", "too_long", most=200, actual=len(address))
        return {"address": address, "lat": lat, "lon": lon}

    @staticmethod
    def _degrees(raw: Any, bound: int) -> Decimal | None:
        if is_blank(raw):
            return None
        try:
            degrees = read_number(raw)
        except ValueError as error:
            raise refuse("V-GEO", "geo") from error
        if abs(degrees) > bound:
            raise refuse("V-GEO", "geo_range")
        return round(degrees, 6)


class SignatureField(FormField):
    """Confirmation of a frozen text: the client sends back the fingerprint of what it showed; it must be that of the text now.

    ``properties.hash`` is FEEL giving the expected fingerprint from the server's variables (default: the variable ``text_hash``).
    """

    required_text: ClassVar[str] = "required_true"

    def read(self, value: Any) -> str:
        frame = FRAME.get()
        expected = expected_hash(self.component, frame)
        if not expected or value != expected:
            raise refuse("V-SIGN", "signature")
        return str(expected)


def expected_hash(component: Component, frame: Frame) -> Any:
    """Fingerprint of the text to be signed, from server variables only."""
    server = frame.context.data
    outside = Frame(context=frame.context, environment=frame.environment, root=server, this=server, given=frame.given)
    return outside.value(component.properties.get("hash", "=text_hash"))


RowLoader = Callable[[Component, Frame, Mapping[str, Any]], dict[str, Any]]


class RowsField(FormField):
    """dynamiclist. Rows that may not be added or removed keep their read-only cells from the server, by position."""

    blank: ClassVar[Any] = ()

    def __init__(self, component: Component, prefix: tuple[str, ...], load_row: RowLoader) -> None:
        super().__init__(component, prefix)
        self._load_row = load_row

    def deserialize(self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:  # noqa: ARG002 (marshmallow's signature)
        rows = [] if value is missing or value is None else value
        if not isinstance(rows, list):
            raise refuse("V-LIST", "list")
        frame = FRAME.get()
        given = frame.given_rows(self.component, self.prefix)
        self._count(len(rows), len(given), frame)
        return self._rows(rows, given, frame)

    def _count(self, actual: int, given: int, frame: Frame) -> None:
        component = self.component
        if component.source.get("allowAddRemove") is False and actual != (given or actual):
            raise refuse("V-ROWS", "fixed_rows", expected=given)
        least = component.integer("minRows") or (1 if component.required else 0)
        most = min(component.integer("maxRows") or frame.context.limits.rows, frame.context.limits.rows)
        if actual < least:
            raise refuse("V-ROWS", "too_few_rows", least=least, actual=actual)
        if actual > most:
            raise refuse("V-ROWS", "too_many_rows", most=most, actual=actual)

    def _rows(self, rows: Sequence[Any], given: Sequence[Any], frame: Frame) -> list[dict[str, Any]]:
        draft = get_at(frame.this, [*self.prefix, *self.component.path])
        loaded: list[dict[str, Any]] = []
        errors: dict[int, Any] = {}
        for index, row in enumerate(rows):
            known = given[index] if index < len(given) and isinstance(given[index], Mapping) else {}
            this = draft[index] if isinstance(draft, list) and index < len(draft) else {}
            try:
                loaded.append(self._load_row(self.component, frame.row(index, this, known), row))
            except ValidationError as error:
                errors[index] = error.messages
                loaded.append(error.valid_data if isinstance(error.valid_data, dict) else {})
        if errors:
            raise ValidationError(errors, valid_data=loaded)
        return loaded


class GroupField(fields.Field[Any]):
    """A group with a path: its fields are nested one level deeper. A missing group is an empty one, so that its fields complain."""

    def __init__(self, schema: Schema) -> None:
        super().__init__(allow_none=True)
        self._schema = schema

    def deserialize(self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:  # noqa: ARG002 (marshmallow's signature)
        return self._schema.load({} if value is missing or value is None else value)


_BY_TYPE: dict[str, type[FormField]] = {
    "textfield": TextField,
    "textarea": TextField,
    "number": NumberField,
    "datetime": TemporalField,
    "checkbox": CheckboxField,
    "radio": ChoiceField,
    "select": ChoiceField,
    "checklist": ChoicesField,
    "taglist": ChoicesField,
    "filepicker": FilesField,
}


def field_for(component: Component, prefix: tuple[str, ...], load_row: RowLoader) -> fields.Field[Any]:
    """The marshmallow field of an input component."""
    if component.type == "dynamiclist":
        return RowsField(component, prefix, load_row)
    if component.kind in REFERENCES:
        return (ReferencesField if component.type == "taglist" else ReferenceField)(component, prefix)
    if component.kind == "geo":
        return GeoField(component, prefix)
    if component.kind == "signature":
        return SignatureField(component, prefix)
    return _BY_TYPE[component.type](component, prefix)


def _clean_text(value: Any) -> str:
    if not isinstance(value, str):
        raise refuse("V-TEXT", "text")
    if has_control_characters(value):
        raise refuse("V-TEXT", "control")
    return value.strip()


def _number_or_none(value: Any) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else None


def _chosen(value: Any, allowed: Sequence[Any]) -> Any:
    plain_value = isinstance(value, (str, int, float, bool))
    if (
        plain_value
        and (known := normalise(value)) in allowed
        and isinstance(known, bool) == isinstance(allowed[allowed.index(known)], bool)
    ):
        return known
    raise refuse("V-CHOICE", "choice", value=str(value)[:40] if plain_value else "…")


def _distinct(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise refuse("V-LIST", "list")
    if len(value) > FRAME.get().context.limits.rows:
        raise refuse("V-ROWS", "too_many_rows", most=FRAME.get().context.limits.rows, actual=len(value))
    for index, entry in enumerate(value):
        if entry in value[:index]:
            raise refuse("V-UNIQ", "repeated", value=str(entry)[:40])
    return value
