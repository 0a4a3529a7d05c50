"""Content out of the database and back into it, as files that people edit: CSV, XLSX and JSON."""
