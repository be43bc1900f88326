"""What the user takes away: tables, maps and cards as files."""
