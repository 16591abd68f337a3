"""The usual Django way: a Channels consumer, three ORM statements and one transaction a message, a channel layer.

It speaks as much of our protocol as the load needs, and asks nobody who they are.
"""

from __future__ import annotations

import json
from typing import Any

import django
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import now

from bench.references.serving import arguments, serve

django.setup(set_prefix=False)

# Models can be imported only after the set-up above.
from bench.references.stored import Conversation, Entry, Message  # noqa: E402

# Nobody is told who isn't there: kinder to this reference than its usual code, which can't know.
listening: set[str] = set()


class Chat(AsyncWebsocketConsumer):  # type: ignore[misc] # It comes without types.
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame = json.loads(text_data or bytes_data or "{}")
        match frame["type"]:
            case "hello":
                await self.tell({"type": "hello", "protocol": 1})
                for cursor in frame["watch"]:
                    await self.watch(cursor["topic"])
            case "watch":
                await self.watch(frame["topic"])
            case "say":
                await self.say(frame)

    async def watch(self, topic: str) -> None:
        """A customer hears of their own message by its acknowledgement; agents are in the topic's group."""
        if topic.endswith("/customer"):
            await database_sync_to_async(open_conversation)(conversation_of(topic))
        else:
            listening.add(group_of(topic))
            await self.channel_layer.group_add(group_of(topic), self.channel_name)
        await self.tell({"type": "resync", "topic": topic})

    async def say(self, frame: dict[str, Any]) -> None:
        message = await database_sync_to_async(store)(frame)
        await self.tell(
            {"type": "ack", "client_id": frame["client_id"], "ref": frame["ref"], "message": message}
        )
        await self.tell_group(f"conversation:{frame['ref']}/staff", {"kind": "message", "message": message})
        row = {"ref": frame["ref"], "last_line": message["text"][:160], "seq": message["seq"]}
        await self.tell_group("desk/1", {"kind": "row", "row": row})

    async def tell_group(self, topic: str, event: dict[str, Any]) -> None:
        if group_of(topic) in listening:
            frame = {"type": "events", "topic": topic, "events": [event]}
            await self.channel_layer.group_send(group_of(topic), {"type": "tell.event", "frame": frame})

    async def tell_event(self, event: dict[str, Any]) -> None:
        await self.tell(event["frame"])

    async def tell(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(frame))


@transaction.atomic
def store(frame: dict[str, Any]) -> dict[str, Any]:
    at, pk = now(), int(frame["ref"])
    message = Message.objects.create(
        conversation_id=pk, client_id=frame["client_id"], text=frame["text"], at=at
    )
    Conversation.objects.filter(pk=pk).update(seq=F("seq") + 1, last_line=frame["text"][:160], last_at=at)
    entry = Entry.objects.create(
        conversation_id=pk, kind="conversation.message", subject_id=message.pk, at=at
    )
    return {"id": message.pk, "seq": entry.pk, "text": message.text, "at": at.isoformat()}


def open_conversation(pk: int) -> None:
    Conversation.objects.get_or_create(pk=pk)


def conversation_of(topic: str) -> int:
    return int(topic.partition(":")[2].partition("/")[0])


def group_of(topic: str) -> str:
    return topic.replace(":", ".").replace("/", ".")


def make_tables() -> None:
    with connection.schema_editor() as editor:
        for model in (Conversation, Message, Entry):
            editor.create_model(model)


def main() -> None:
    chosen = arguments("The Channels reference.").parse_args()
    make_tables()
    serve(Chat.as_asgi(), port=chosen.port, core=chosen.core)


if __name__ == "__main__":
    main()
