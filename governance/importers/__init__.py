"""Workbooks (.xlsx) that are taken into an installation: a roster, and running cases from before (docs/howto/import.md).

What sheets and columns a workbook has is data (`layout`): `roster.import.yaml` beside this file, and
`processes/<key>/<key>.import.yaml` for cases. Every row is checked before anything is written; one bad row refuses the workbook.
"""

from governance.importers.mistakes import Mistake, WorkbookRefused

__all__ = ["Mistake", "WorkbookRefused"]
