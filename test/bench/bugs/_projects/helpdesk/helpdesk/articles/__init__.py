"""Articles of the help desk."""
