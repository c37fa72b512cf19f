"""Teams of the help desk."""
