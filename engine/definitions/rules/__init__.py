"""The rules of BPMN 2.0.2 that a file can break: a family a module, the function of a rule beside what is said about it."""
