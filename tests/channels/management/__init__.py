"""Tests of the commands of channels."""
