"""Measuring rollbook beside its peers, on generated districts of any size (``make bench``)."""
