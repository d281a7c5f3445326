"""For operators: what has failed, and every power over cases and procedures. A page an act: what will happen, the reason, the button."""

from __future__ import annotations

from web.views.operations import batches, cases, failures, migrations, procedures, retention, tokens, watching
from web.views.operations.blueprint import blueprint

__all__ = ["batches", "blueprint", "cases", "failures", "migrations", "procedures", "retention", "tokens", "watching"]
