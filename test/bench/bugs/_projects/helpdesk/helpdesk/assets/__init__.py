"""Assets of the help desk."""
