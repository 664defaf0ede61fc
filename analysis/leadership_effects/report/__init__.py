"""Record results and draw the tables, figures and charts of a notebook."""
