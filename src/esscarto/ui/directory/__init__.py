"""The page Données: what keeps the directory alive, one part per module."""
