"""Public registers of the ESS, read as rows of the directory, and what they propose to change in it."""
