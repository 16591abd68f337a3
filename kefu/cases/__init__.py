"""Cases (SPEC H8, M4): what a customer has asked us, over every channel, and who must act next."""
