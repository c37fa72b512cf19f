"""What several parts need."""
