"""Hangbiao (航标) keeps sales targets alive: measured every day, lit every two weeks, renegotiated on evidence."""
