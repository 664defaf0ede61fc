"""Let several people code the dossier of a case by the rubric, none seeing another's codes."""
