"""Runs cases.yaml (docs/reference/cases.md): in tests, and to load the demo. Everything goes through the engine's commands."""

from cogov.cases import opinion_steps as _opinion_steps  # noqa: F401  registers its step
from cogov.cases.files import Case, CasesFile, read_cases
from cogov.cases.run import CaseFailed, CaseRun

__all__ = ["Case", "CaseFailed", "CaseRun", "CasesFile", "read_cases"]
