"""What is taken where there is no network: one HTML file that holds all that it needs."""
