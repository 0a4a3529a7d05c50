"""The history of the catalog: who acts, what a row was, what two states differ in, and the way back."""
