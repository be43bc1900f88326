"""Bring a file of structures into the directory: read, map, check line by line, compare, report. Nothing is written.

What is sure is read and told, what is likely is proposed, and the rest waits for a person.
"""
