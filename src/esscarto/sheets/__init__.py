"""The sheet of a territory: the blocks of the sheet of the CRESS, and what the directory knows, for any perimeter."""
