"""Corrections of what was handed in with a completed task: asked for, approved or refused by somebody above."""
