"""Who worked how long on what."""
