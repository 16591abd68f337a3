"""The chat window: the customer's side of a conversation, and the hand-over when nobody is there."""
