"""Files of other tools: what they write beside BPMN, mapped where it means the same; nothing is dropped silently."""
