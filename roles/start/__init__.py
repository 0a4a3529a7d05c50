"""The start page of the admin: what needs care, and the way to everything else."""
