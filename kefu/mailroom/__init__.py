"""The mailroom (SPEC E): every letter that goes out, once in effect, and the code by which it can be checked."""
