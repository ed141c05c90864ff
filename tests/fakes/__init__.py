"""Faithful fakes of outside services: real protocols on loopback, strict about what they are sent, able to fail.

They share no code with the adapters they stand in for. Each has tests of its own, in raw requests.
"""
