"""The doors of the core itself: files come in and go out here, for chat, desk and apps alike."""
