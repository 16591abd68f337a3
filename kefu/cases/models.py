"""A case is a conversation with a file: what kind of problem it is, and the facts as fields (SPEC E1, E2)."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from kefu.conversations.models import Conversation
from kefu.exchange.chains.spelling import spelled_alike
from kefu.safety.fields import GuardedTextField
from kefu.safety.guard import Guarded
from kefu.safety.tokens import keyed_hash

HASH_DIGITS = 64


class IssueType(models.TextChoices):
    """What customers come with, by key and as both sides read it."""

    DEPOSIT_MISSING = "deposit_missing", _("Crypto deposit not credited")
    DEPOSIT_MEMO = "deposit_memo", _("Missing or wrong memo or tag")
    DEPOSIT_WRONG_ASSET = "deposit_wrong_asset", _("Wrong network or unlisted coin")
    WITHDRAW_PENDING = "withdraw_pending", _("Withdrawal under review or not sent")
    WITHDRAW_NOT_RECEIVED = "withdraw_not_received", _("Withdrawal sent but not received")
    WITHDRAW_WRONG_DEST = "withdraw_wrong_dest", _("Sent to a wrong address or network")
    FIAT_IN = "fiat_in", _("Fiat deposit missing")
    CARD_BUY = "card_buy", _("Card charged, no crypto")
    P2P_DISPUTE = "p2p_dispute", _("P2P order appeal")
    P2P_BANK_FROZEN = "p2p_bank_frozen", _("Bank card frozen after a P2P sale")
    KYC = "kyc", _("Identity verification")
    CODE_NOT_RECEIVED = "code_not_received", _("One-time code not received")
    RESET_2FA = "reset_2fa", _("Reset two-step verification or passkey")
    CHANGE_CONTACT = "change_contact", _("E-mail or phone changed or lost")
    ACCOUNT_TAKEOVER = "account_takeover", _("Account compromised")
    RESTRICTED = "restricted", _("Account or feature restricted")
    SPOT_ORDER = "spot_order", _("Spot order")
    LIQUIDATION = "liquidation", _("Futures and liquidation")
    FEE_FUNDING = "fee_funding", _("Fees and funding")
    PLATFORM_FAULT = "platform_fault", _("Platform fault or maintenance")
    API = "api", _("API and WebSocket")
    EARN = "earn", _("Earn and redemption")
    BOT_COPY = "bot_copy", _("Strategies and copy trading")
    PROMO = "promo", _("Campaign or reward")
    TRANSFER_SUB = "transfer_sub", _("Transfers and sub-accounts")
    SCAM_REPORT = "scam_report", _("Report an impostor or fraud")
    PRIVACY_CLOSE = "privacy_close", _("Close the account, or its data")
    COMPLAINT_FEEDBACK = "complaint_feedback", _("Complaint or suggestion")


class FieldKey(models.TextChoices):
    """The facts that a case can have, in the order in which they are read."""

    COIN = "coin"
    NETWORK = "network"
    """A key of the catalogue of networks."""
    TXID = "txid"
    ADDRESS = "address"
    MEMO = "memo"
    AMOUNT = "amount"
    OCCURRED_AT = "occurred_at"
    """A moment in UTC, as ISO 8601 writes it."""
    TRACED = "traced"
    """What the tracer had told when the case was filed: one of its answers by name."""


SOUGHT = frozenset({FieldKey.COIN, FieldKey.NETWORK, FieldKey.TXID, FieldKey.ADDRESS, FieldKey.MEMO})


def sought_hash(value: str) -> str:
    """The same for every spelling of a value; nothing can be read or guessed from it."""
    return keyed_hash(f"case field {spelled_alike(value)}")


class CaseFile(models.Model):
    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="case_file"
    )
    issue_type = models.CharField(max_length=40, choices=IssueType.choices)
    filed_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.issue_type} of {self.conversation_id}"


class CaseField(models.Model):
    """One fact, as the customer gave it. It can be copied, and looked for by the hash of its spelling."""

    file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="fields")
    key = models.CharField(max_length=40, choices=FieldKey.choices)
    value = GuardedTextField(max_length=600)
    sought_hash = models.CharField(max_length=HASH_DIGITS, blank=True)

    class Meta:
        ordering = ["file_id", "id"]
        indexes = [models.Index(fields=["sought_hash", "file"], name="case_fields_sought")]
        constraints = [models.UniqueConstraint(fields=["file", "key"], name="one_case_field_a_key")]

    def __str__(self) -> str:
        return f"{self.key} of {self.file_id}"

    @classmethod
    def of(cls, file: CaseFile, key: str, value: Guarded) -> CaseField:
        """Not saved yet."""
        return cls(file=file, key=key, value=value, sought_hash=sought_hash(value) if key in SOUGHT else "")
