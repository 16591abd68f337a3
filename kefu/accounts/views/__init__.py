"""Staff pages: signing in, the second factor, passwords, sessions, sign-in links."""
