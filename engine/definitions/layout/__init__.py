"""Draws a BPMN file: writes its diagram part (conventions 13). `layout` is the entry point.

Steps for each scope, innermost first: columns by longest path, rows by lane (`grid`), edges through the channels between cells
(`routes`), a track for every run of an edge (`tracks`), then sizes and coordinates (`scope`). Channels are as wide as their tracks
need, so no edge can touch a foreign shape.
"""

from engine.definitions.layout.drawing import layout

__all__ = ["layout"]
