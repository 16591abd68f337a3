"""The contract with the trading platform: it says who its users are, in words that nobody else can sign.

Doorways: `tokens` (reading a platform's token), `refusals`, `actions` (settings, and using a token up), `models` to read.
This room speaks of the platform's user ids and never of our customers.
"""
