"""Variables that error and escalation events of other tools fill."""

from __future__ import annotations

from engine.definitions.foreign.reader import Reader
from engine.definitions.model import Mapping_
from engine.definitions.reading.document import local

_FILLED = (
    ("errorEventDefinition", "errorCodeVariable", "error.code"),
    ("errorEventDefinition", "errorMessageVariable", "error.message"),
    ("errorEventDefinition", "errorVariableName", "error"),
    ("escalationEventDefinition", "escalationCodeVariable", "escalation.code"),
)


def read_event(reader: Reader) -> tuple[Mapping_, ...]:
    """Output mappings of an event from the attributes of its event definitions."""
    found = []
    for item in reader.element:
        for definition, attribute, source in _FILLED:
            if isinstance(item.tag, str) and local(item) == definition:
                target = Reader(item, reader.context).attribute(attribute, f"output of {source}")
                if target:
                    found.append(Mapping_(source=source, target=target))
    return tuple(found)
