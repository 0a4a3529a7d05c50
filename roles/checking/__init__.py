"""The content check: rules that look for what an editor should mend, and what became of their findings."""
