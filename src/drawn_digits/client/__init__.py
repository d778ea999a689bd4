"""Asks a server of Drawn Digits from Python."""
