"""Web services of the test machine that speak the documented formats of the public ones, faults included."""
