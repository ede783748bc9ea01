"""What is true whoever asks: windows of time, claims, reports, registries, events and the rules of control.

Imports nothing but the standard library.
"""
