"""Files that learners bring as evidence: inspected, kept, shown and compared. Knows no rows."""
