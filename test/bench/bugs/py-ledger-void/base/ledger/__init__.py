"""Double-entry bookkeeping for a small club."""
