"""Hold a case against its plan and its release, and list what looks like a mistake."""
