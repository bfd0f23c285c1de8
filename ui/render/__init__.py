"""Records and public JSON → markup.  Nothing here reads a store or keeps state."""
