"""What case files hold of a customer: handed out whole, and on their wish emptied; how many there were is still counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kefu.accounts.privacy import Customers, Extract, PrivacyPart
from kefu.cases.models import CaseField, CaseFile


def export(customers: Customers, extract: Extract) -> None:
    files = CaseFile.objects.filter(conversation__customer__in=customers)
    files = files.select_related("conversation").prefetch_related("fields").order_by("pk")
    extract.own["cases"] = [_file(one) for one in files]


def _file(file: CaseFile) -> dict[str, Any]:
    return {
        "conversation": file.conversation.ref,
        "issue_type": file.issue_type,
        "filed_at": file.filed_at,
        "fields": {one.key: str(one.value) for one in file.fields.all()},
    }


def erase(customers: Customers) -> list[Callable[[], None]]:
    CaseField.objects.filter(file__conversation__customer__in=customers).delete()
    return []


PART = PrivacyPart((CaseFile, CaseField), export, erase)
