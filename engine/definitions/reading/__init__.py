"""Reads BPMN 2.0 XML into `engine.definitions.model`. Entry point: `engine.definitions.reader.read_bpmn`."""
