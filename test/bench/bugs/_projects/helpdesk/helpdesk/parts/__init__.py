"""Parts of the help desk."""
