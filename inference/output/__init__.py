"""Scored rows written whole or not at all."""
