"""What happens to cases: ids and closed values."""

from __future__ import annotations

from typing import ClassVar

from kefu.cases.models import IssueType
from kefu.journal.events import Event


class CaseFiled(Event, frozen=True, kw_only=True):
    """A conversation was opened with the facts as fields. Nobody counts it: it is seen with the conversation."""

    kind: ClassVar[str] = "case.filed"
    issue_type: IssueType
