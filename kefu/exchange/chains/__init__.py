"""Chains as data, and pure checks of what customers type: TxIDs, addresses, memos. Nothing here asks a network (SPEC H7)."""
