"""Tests of the generated districts; a package, so that they can share what holds for all."""
