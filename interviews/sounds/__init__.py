"""Sound as browsers record it: what kind a file is, and how long it lasts. Knows no rows."""
