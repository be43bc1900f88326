"""What the application is measured against."""
