"""Behaviour of the BPMN elements: one SpiffWorkflow TaskSpec subclass per kind, one file per family."""
