"""Add a case: worksheets, draft rows and the contract of a chapter."""
