"""A traced deposit as a case: its facts as fields, and the first words of the conversation."""

from __future__ import annotations

import json

from django.utils.translation import gettext

from kefu.cases.actions import Filing
from kefu.cases.deposits.form import Checked
from kefu.cases.deposits.tracing import Answer
from kefu.cases.drawing import label_of, title_of
from kefu.cases.models import FieldKey, IssueType
from kefu.safety.tokens import keyed_hash


def filing_of(checked: Checked, answer: Answer, *, asked_from: str) -> Filing:
    typed = checked.typed
    network = checked.network.key if checked.network else (answer.network.key if answer.network else "")
    fields = {
        FieldKey.COIN: checked.coin,
        FieldKey.NETWORK: network,
        FieldKey.TXID: checked.txid_on(network),
        FieldKey.ADDRESS: checked.address.value,
        FieldKey.MEMO: checked.memo,
        FieldKey.AMOUNT: f"{checked.amount:f}" if checked.amount else "",
        FieldKey.OCCURRED_AT: checked.at.isoformat() if checked.at else "",
        FieldKey.TRACED: answer.told.value,
    }
    return Filing(
        issue_type=IssueType.DEPOSIT_MISSING,
        client_id=_sent_as(checked),
        content=_first_words(checked),
        fields=fields,
        zone=typed["zone"],
        email=typed["email"],
        asked_from=asked_from,
    )


def _sent_as(checked: Checked) -> str:
    """The form's id with its facts: sent twice it is one case, and with a fact corrected it is another.

    Of what was typed alone, as the words are. Another e-mail address makes no other case.
    """
    typed = checked.typed
    told = [typed[name] for name in ("client_id", "coin", "network")]
    told += [checked.txid.value, checked.address.value, checked.memo, typed["words"].strip()]
    return keyed_hash(json.dumps([*told, str(checked.amount), str(checked.at)]))


def _first_words(checked: Checked) -> str:
    """The kind of problem first, because lists show the beginning; then which deposit; then the customer's own words.

    Of what was typed alone: whoever sends the same again is known by the same words, whatever the ledger says by then.
    """
    name = checked.network.name if checked.network else ""
    amount = f"{checked.amount:f} {checked.coin}".strip() if checked.amount else checked.coin
    about = " · ".join(part for part in (amount, name) if part)
    head = title_of(IssueType.DEPOSIT_MISSING)
    title = gettext("%(what)s: %(about)s") % {"what": head, "about": about} if about else head
    lines = [title, f"{label_of(FieldKey.TXID)} {checked.txid.value}", checked.typed["words"].strip()]
    return "\n".join(line for line in lines if line)
