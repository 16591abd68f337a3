"""The tracer's answer in a template."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from kefu.cases.deposits import telling
from kefu.cases.deposits.tracing import Answer
from kefu.ui.templatetags.kefu import icon

register = template.Library()
register.filter("tone", telling.tone)
register.filter("sentences", telling.sentences)
register.filter("steps", telling.steps)
register.simple_tag(telling.title, name="answer_title")


@register.simple_tag
def answer_icon(answer: Answer) -> SafeString:
    return icon(telling.icon(answer))


@register.simple_tag
def explorer(answer: Answer, txid: str) -> str:
    """Where anybody can read it; "" for what is not written as a TxID of the network where it was found."""
    network = answer.network
    return network.explorer_link(txid) if network and network.is_txid(txid) else ""
