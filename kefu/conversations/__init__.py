"""The core: conversation, message, participant, and the verbs of both sides."""
