"""Boundaries: from the contours of any producer to layers that are proved. Nothing here opens a file.

Read in this order: ``reference`` (what the official lists say), ``contours`` (what a contour file says),
``coverage`` (do the communes tile the ground, and the repair when they do not), ``layers`` (communes, EPCI,
PETR, départements, régions), ``proof`` (every promise, checked), ``report`` and ``credits`` (told in French).
"""
