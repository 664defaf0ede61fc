"""Build the book: run notebooks, compile the site, print PDF and EPUB."""
