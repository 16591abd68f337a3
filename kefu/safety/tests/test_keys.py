"""The key ring, what it encrypts, and how it is turned."""

from __future__ import annotations

import base64
import json
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from kefu.accounts.models import Customer, Identity, Level
from kefu.background.beats import beat
from kefu.background.models import Beat
from kefu.brands.models import Brand
from kefu.safety import rotation
from kefu.safety.keyring import Unreadable, add_key, change_key, ring
from kefu.safety.rotation import CHUNK, encrypted_models, finish, rotate
from kefu.safety.tokens import keyed_hash, new_token, token_hash

# The one customer whose identities these are has a phrase of their own, be it an empty one.
PHRASES = 1


@pytest.fixture
def own_ring(settings, tmp_path):
    settings.KEY_RING = tmp_path / "keys" / "ring.json"
    return settings.KEY_RING


@pytest.fixture
def identities(own_ring, db):
    brand = Brand.objects.create(key="xinghai", name="星海 Exchange", prefix="XH", languages=["zh-hans"])
    customer = Customer.objects.create(brand=brand)
    return Identity.objects.bulk_create(
        Identity(
            customer=customer,
            kind="email",
            value=f"chen{number}@mail.example",
            value_hash=keyed_hash(str(number)),
            level=Level.CLAIMED,
        )
        for number in range(CHUNK + 5)
    )


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM accounts_identity ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_an_encrypted_value_is_nowhere_in_clear(identities):
    assert "chen" not in "".join(stored())
    assert len(set(stored())) == len(identities)
    assert Identity.objects.first().value == "chen0@mail.example"


def test_after_a_turn_everything_is_written_with_the_new_key(identities):
    before, hashed = ring().active, keyed_hash("x")

    assert rotate() == len(identities) + PHRASES

    assert ring().active != before
    assert all(ring().is_current(value) for value in stored())
    assert Identity.objects.last().value == f"chen{CHUNK + 4}@mail.example"
    assert keyed_hash("x") == hashed


def test_a_turn_that_was_interrupted_is_finished_and_nothing_is_written_twice(identities):
    rotate()
    change_key()
    Identity.objects.first().save()

    assert finish() == len(identities) + PHRASES - 1
    assert finish() == 0


def test_the_command_turns_the_ring(identities, capsys):
    call_command("rotate_keys")
    call_command("rotate_keys", finish=True)

    first, advice, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{len(identities) + PHRASES} values")
    assert "If other machines use this database, copy keys/" in advice
    assert second.startswith("0 values")


def test_a_key_that_waits_reads_and_writes_nothing_yet(identities):
    before, stood = ring().active, stored()

    key = add_key()

    assert (ring().waiting, ring().active) == (key, before)
    assert key in ring().keys
    assert add_key() == key
    assert stored() == stood
    rotate()
    assert (ring().waiting, ring().active) == ("", key)
    assert all(ring().is_current(value) for value in stored())


def test_another_machine_reads_at_every_step_of_a_turn(identities, own_ring, settings, tmp_path):
    call_command("rotate_keys", add=True)
    others = Path(shutil.copytree(own_ring.parent, tmp_path / "other")) / own_ring.name
    call_command("rotate_keys")
    turned = ring().active

    settings.KEY_RING = others
    assert Identity.objects.last().value == f"chen{CHUNK + 4}@mail.example"
    Identity.objects.first().save()
    call_command("rotate_keys")

    assert ring().active == turned
    settings.KEY_RING = own_ring
    assert all(ring().is_current(value) for value in stored())


def test_a_ring_of_before_has_no_key_that_waits(own_ring):
    key = base64.b64encode(bytes(32)).decode()
    own_ring.parent.mkdir()
    own_ring.write_text(json.dumps({"active": "a1", "keys": {"a1": key}, "hash_key": key}))

    assert (ring().active, ring().waiting) == ("a1", "")


def test_no_key_is_changed_at_once_while_a_worker_lives_elsewhere(identities, capsys):
    Beat.objects.create(worker_id="other", place="another boot", pid=1)
    before = ring()

    with pytest.raises(CommandError, match=r"--add, copy keys/ to each of them"):
        call_command("rotate_keys")

    assert ring() == before
    call_command("rotate_keys", add=True)
    with pytest.raises(CommandError, match="nothing to finish"):
        call_command("rotate_keys", finish=True)
    call_command("rotate_keys")
    assert ring().active != before.active
    assert "rotate-keys on each of the others" in capsys.readouterr().out


def test_a_worker_of_this_machine_holds_no_turn_up(identities):
    beat("here")

    call_command("rotate_keys")

    assert len(ring().keys) == 2


@pytest.mark.parametrize("options", [{}, {"add": True}])
def test_a_ring_that_cannot_be_changed_is_said_by_name_and_left_alone(own_ring, db, options):
    before = ring()
    # Also the owner of all files can't open a folder as a file.
    own_ring.with_suffix(".lock").mkdir()

    with pytest.raises(CommandError, match=r"ring\.json: Is a directory\. Run this as"):
        call_command("rotate_keys", **options)

    assert ring() == before


def test_rooms_that_encrypt_by_themselves_have_their_turn(own_ring, db, monkeypatch):
    monkeypatch.setattr(rotation, "_others", {})
    rotation.register("second factors", lambda: 7)

    assert rotate() == 7


def test_every_encrypted_field_is_found():
    assert ("accounts.identity", ["value"]) in [
        (model._meta.label_lower, names) for model, names in encrypted_models()
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: (sealed, "a.c"),
        lambda sealed: (sealed[:-8] + "AAAAAAA=", "a.b"),
        lambda sealed: ("2" + sealed[1:], "a.b"),
        lambda _: ("1.none.AAAA", "a.b"),
        lambda _: ("1.none", "a.b"),
        lambda _: ("", "a.b"),
    ],
)
def test_a_value_of_another_place_or_another_ring_is_unreadable(own_ring, spoil):
    sealed = ring().encrypt("秘密", context="a.b")
    assert ring().decrypt(sealed, context="a.b") == "秘密"

    value, context = spoil(sealed)

    with pytest.raises(Unreadable):
        ring().decrypt(value, context=context)


def test_the_ring_is_its_owners_alone(own_ring):
    usual = os.umask(0o022)
    try:
        ring()
        change_key()
    finally:
        os.umask(usual)

    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in own_ring.parent.iterdir()}
    assert kept == {"ring.json": 0o600, "ring.lock": 0o600}
    assert stat.S_IMODE(own_ring.parent.stat().st_mode) == 0o700


def test_all_who_need_a_ring_at_once_get_the_same(own_ring):
    with ThreadPoolExecutor(8) as pool:
        hashes = set(pool.map(keyed_hash, ["x"] * 40))

    assert len(hashes) == 1


ADD_TEN = """
import sys
from pathlib import Path
from django.conf import settings
settings.configure(KEY_RING=Path(sys.argv[1]))
from kefu.safety.keyring import change_key
for _ in range(10):
    change_key()
"""


def test_no_key_is_lost_when_two_processes_add_some(own_ring):
    command = [sys.executable, "-c", ADD_TEN, str(own_ring)]
    adding = [subprocess.Popen(command, cwd=Path(settings.BASE_DIR)) for _ in range(2)]

    assert [process.wait() for process in adding] == [0, 0]
    assert len(ring().keys) == 21


def test_tokens_are_long_and_never_alike(own_ring):
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 43
    assert len(token_hash("x")) == len(keyed_hash("x")) == 64
