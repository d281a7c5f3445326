"""Forms: form-js schemas compiled for showing and for checking submissions on the server.

`compile_form` → `CompiledForm.render` (browser) and `.load` (typed values or `FormInvalid`); `form_findings` for deploy checks;
`RuleRegistry` for V-codes. The reference is docs/reference/forms.md.
"""

from engine.forms.compiled import CompiledForm, FieldInfo, compile_form
from engine.forms.context import FormContext, Limits
from engine.forms.findings import form_findings
from engine.forms.rendering import Outcome, Rendered
from engine.forms.rules import Checked, PlainRule, Rule, RuleRegistry, Violation
from engine.forms.standard_rules import STANDARD_RULES

__all__ = [
    "STANDARD_RULES",
    "Checked",
    "CompiledForm",
    "FieldInfo",
    "FormContext",
    "Limits",
    "Outcome",
    "PlainRule",
    "Rendered",
    "Rule",
    "RuleRegistry",
    "Violation",
    "compile_form",
    "form_findings",
]
