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
    "accounts.agenttoken.scopes": OUR_WORD,
    "accounts.agenttoken.token_hash": HASH,
    "accounts.customer.language": LANGUAGE,
    "accounts.customer.zone": ZONE,
    "accounts.customersession.token_hash": HASH,
    "accounts.identity.value_hash": HASH,
    "accounts.invitation.email_hash": HASH,
    "accounts.invitation.hashes": HASH,
    "accounts.invitation.language": LANGUAGE,
    "accounts.onetimecode.language": LANGUAGE,
    "accounts.onetimecode.hashes": HASH,
    "accounts.passwordreset.hashes": HASH,
    "accounts.signinlink.token_hash": HASH,
    "accounts.team.key": NAMED_BY_OPERATORS,
    "accounts.team.zone": ZONE,
    "cases.casefield.sought_hash": HASH,
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
    "conversations.trailstep.kind": OUR_WORD,
    "exchange.platform.jwks": "public keys, read and checked",
    "exchange.platformrevision.after": REVISION,
    "exchange.platformrevision.before": REVISION,
    "exchange.platformsecret.key_id": "random digits that we make",
    "exchange.usedtoken.token_hash": HASH,
    "helpcentre.article.external_id": "a program's own name of an article, in letters, digits and a few signs",
    "helpcentre.article.imported": "what a folder of the operators said of an article",
    "helpcentre.articlerevision.after": REVISION,
    "helpcentre.articlerevision.before": REVISION,
    "helpcentre.article.issue_type": OUR_WORD,
    "helpcentre.article.owners": "operators' names of who answers for an article",
    "helpcentre.article.sent": "what an operators' program said of an article",
    "helpcentre.article.slug": NAMED_BY_OPERATORS,
    "helpcentre.article.tool": NAMED_BY_OPERATORS,
    "helpcentre.category.icon": NAMED_BY_OPERATORS,
    "helpcentre.category.key": NAMED_BY_OPERATORS,
    "helpcentre.category.names": BY_LANGUAGE,
    "helpcentre.category.imported": "what a folder of the operators said of a shelf",
    "helpcentre.category.topic": NAMED_BY_OPERATORS,
    "helpcentre.fact.imported": "a figure of the operators",
    "helpcentre.fact.key": NAMED_BY_OPERATORS,
    "helpcentre.fact.value": "a figure of the operators",
    "helpcentre.feedback.network": "a keyed hash of a network and a day",
    "helpcentre.feedback.client_id": "random digits that the reader's script makes, checked by the view",
    "helpcentre.factrevision.after": REVISION,
    "helpcentre.factrevision.before": REVISION,
    "helpcentre.factrevision.key": NAMED_BY_OPERATORS,
    "helpcentre.formerslug.slug": NAMED_BY_OPERATORS,
    "helpcentre.oldaddress.language": LANGUAGE,
    "helpcentre.oldaddress.path": "a path of an earlier help centre, which operators give",
    "helpcentre.picture.content_type": OUR_WORD,
    "helpcentre.picture.key": NAMED_BY_OPERATORS,
    "helpcentre.presence.language": LANGUAGE,
    "helpcentre.picture.name": "random digits that we make",
    "helpcentre.shelfrevision.after": REVISION,
    "helpcentre.shelfrevision.before": REVISION,
    "helpcentre.revision.missed_because": "a sentence of ours with words of the article that it is about",
    "helpcentre.revision.synonyms": "operators' search words of an article",
    "helpcentre.translation.imported_hash": HASH,
    "helpcentre.translation.contents": "headings of an article",
    "helpcentre.translation.digest": HASH,
    "helpcentre.translation.html": "an article drawn from its source",
    "helpcentre.translation.language": LANGUAGE,
    "helpcentre.translation.synonyms": "operators' search words of an article",
    "helpcentre.openedfromsearch.key": HASH,
    "helpcentre.searchday.key": HASH,
    "helpcentre.searchday.language": LANGUAGE,
    "mailroom.letter.code": "a code that we make, to check a letter by",
    "mailroom.letter.key": "our own words and ids: one reason makes one letter",
    "mailroom.letter.language": LANGUAGE,
    "safety.counter.name": HASH,
    "safety.officialway.good_for": BY_LANGUAGE,
    "safety.officialway.names": BY_LANGUAGE,
    "safety.officialway.week": "weekdays and minutes of a day, checked",
    "safety.officialwayrevision.after": REVISION,
    "safety.officialwayrevision.before": REVISION,
    "search.document.edition": HASH,
    "search.document.shelf": NAMED_BY_OPERATORS,
    "search.thing.audience": OUR_WORD,
    "search.thing.source": OUR_WORD,
    "search.document.language": LANGUAGE,
    "search.document.path": "the address of a page of ours",
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
