"""Every field that holds text says what it holds: guarded, plain, encrypted, closed values, or a reason named here."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from kefu.safety.fields import EncryptedTextField, GuardedTextField, PlainTextField

ROOMS = (
    *(
        "safety",
        "search",
        "exchange",
        "accounts",
        "conversations",
        "waiting",
        "helpcentre",
        "contact",
        "livechat",
        "mailroom",
        "cases",
        "desk",
    ),
    *("demo", "config"),
)
KNOWN = (GuardedTextField, PlainTextField, EncryptedTextField)
TEXT_LIKE = (models.CharField, models.TextField, models.JSONField)

NAMED_BY_OPERATORS = "a key that operators or our own content give"
BY_LANGUAGE = "operators' catalogue texts by language"
REVISION = "operators' settings before and after a change"
HASH = "hexadecimal digits of a hash"
LANGUAGE = "a language tag from the brand's list"
ZONE = "the name of a time zone, checked against the list"
OUR_WORD = "one of our own words, which code writes"
REASONS = {
    "accounts.agent.email": "an agent's address, to sign in with",
    "accounts.agent.language": LANGUAGE,
    "accounts.agent.password": "a password's slow hash, which Django makes",
    "accounts.agent.zone": ZONE,
    "accounts.agentrevision.after": REVISION,
    "accounts.agentrevision.before": REVISION,
    "accounts.customer.language": LANGUAGE,
    "accounts.customer.zone": ZONE,
    "accounts.customersession.token_hash": HASH,
    "accounts.identity.value_hash": HASH,
    "accounts.invitation.email_hash": HASH,
    "accounts.invitation.hashes": HASH,
    "accounts.invitation.language": LANGUAGE,
    "accounts.onetimecode.hashes": HASH,
    "accounts.passwordreset.hashes": HASH,
    "accounts.signinlink.token_hash": HASH,
    "accounts.team.key": NAMED_BY_OPERATORS,
    "accounts.team.zone": ZONE,
    "conversations.attachment.client_id": "random digits that the sender's script makes, checked by the protocol",
    "conversations.attachment.content_type": OUR_WORD,
    "conversations.attachment.key": "random digits that we make",
    "conversations.attachment.sha256": HASH,
    "conversations.attachment.uploader": "an actor's kind and id",
    "conversations.conversation.channel": OUR_WORD,
    "conversations.conversation.client_id": "random digits that the sender's script makes, checked by the protocol",
    "conversations.conversation.language": LANGUAGE,
    "conversations.conversation.ref": "a reference that we make",
    "conversations.loosebytes.key": "random digits that we make",
    "conversations.message.channel_account": NAMED_BY_OPERATORS,
    "conversations.message.client_id": "random digits that the sender's script makes, checked by the protocol",
    "conversations.message.content_hash": HASH,
    "conversations.message.external_id": "the network's own id of a message",
    "conversations.message.language": LANGUAGE,
    "conversations.message.language_from": OUR_WORD,
    "conversations.message.secrets": "kinds of secrets",
    "conversations.message.sender": "an actor's kind and id",
    "conversations.privatelink.address_hash": HASH,
    "conversations.privatelink.token_hash": HASH,
    "accounts.teamrevision.after": REVISION,
    "accounts.teamrevision.before": REVISION,
    "conversations.topicrevision.after": REVISION,
    "conversations.topicrevision.before": REVISION,
    "conversations.topic.icon": NAMED_BY_OPERATORS,
    "conversations.topic.key": NAMED_BY_OPERATORS,
    "conversations.topic.names": BY_LANGUAGE,
    "conversations.topic.notes": BY_LANGUAGE,
    "exchange.platform.jwks": "public keys, read and checked",
    "exchange.platformrevision.after": REVISION,
    "exchange.platformrevision.before": REVISION,
    "exchange.platformsecret.key_id": "random digits that we make",
    "exchange.usedtoken.token_hash": HASH,
    "helpcentre.article.owners": "operators' names of who answers for an article",
    "helpcentre.article.slug": NAMED_BY_OPERATORS,
    "helpcentre.article.tool": NAMED_BY_OPERATORS,
    "helpcentre.category.icon": NAMED_BY_OPERATORS,
    "helpcentre.category.key": NAMED_BY_OPERATORS,
    "helpcentre.category.names": BY_LANGUAGE,
    "helpcentre.category.topic": NAMED_BY_OPERATORS,
    "helpcentre.translation.contents": "headings of an article",
    "helpcentre.translation.digest": HASH,
    "helpcentre.translation.html": "an article drawn from its source",
    "helpcentre.translation.language": LANGUAGE,
    "helpcentre.translation.synonyms": "operators' search words of an article",
    "mailroom.letter.code": "a code that we make, to check a letter by",
    "mailroom.letter.key": "our own words and ids: one reason makes one letter",
    "mailroom.letter.language": LANGUAGE,
    "safety.counter.name": HASH,
    "safety.officialway.good_for": BY_LANGUAGE,
    "safety.officialway.names": BY_LANGUAGE,
    "safety.officialway.week": "weekdays and minutes of a day, checked",
    "safety.officialwayrevision.after": REVISION,
    "safety.officialwayrevision.before": REVISION,
    "search.document.audience": OUR_WORD,
    "search.document.counts": "how often each word of an operators' text occurs",
    "search.document.language": LANGUAGE,
    "search.document.path": "the address of a page of ours",
    "search.document.source": OUR_WORD,
    "waiting.datedoverride.intervals": "minutes of a day",
    "waiting.datedoverride.notes": BY_LANGUAGE,
    "waiting.greeting.language": LANGUAGE,
    "waiting.greetingrevision.after": REVISION,
    "waiting.greetingrevision.before": REVISION,
    "waiting.hoursrevision.after": REVISION,
    "waiting.hoursrevision.before": REVISION,
}


def text_fields() -> dict[str, models.Field]:
    """Fields that could hold anybody's words, by label: no closed values, no field that says itself what it holds."""
    return {
        f"{model._meta.label_lower}.{field.name}": field
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.local_fields
        if isinstance(field, TEXT_LIKE) and not isinstance(field, KNOWN) and not field.choices
    }


def test_every_text_says_what_it_holds():
    unexplained = sorted(set(text_fields()) - set(REASONS))

    assert not unexplained, "Use a field of kefu.safety.fields, or name the reason in this test."


def test_no_reason_outlives_its_field():
    assert sorted(set(REASONS) - set(text_fields())) == []


def test_all_rooms_with_a_policy_or_a_guard_are_looked_at():
    below = {"realtime", "brands", "journal", "background", "ui"}
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("kefu.")}

    assert rooms - below == set(ROOMS)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("conversations.message.text", GuardedTextField),
        ("conversations.draft.text", GuardedTextField),
        ("accounts.customer.name", GuardedTextField),
        ("accounts.identity.value", EncryptedTextField),
    ],
)
def test_what_customers_write_is_guarded_and_who_they_are_is_encrypted(label, kind):
    model, _, name = label.rpartition(".")

    assert isinstance(apps.get_model(model)._meta.get_field(name), kind)
