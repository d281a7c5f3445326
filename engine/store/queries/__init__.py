"""Reading: plain Core SQL for lists and pages. Never inside a command's hot path."""
