"""Kefu: the self-hosted support centre for trading platforms, one package with a room for each thing customers meet."""

__version__ = "0.1.0"
