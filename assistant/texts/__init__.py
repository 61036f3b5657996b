"""The room for official texts and the user's documents, which become provisions and pages. Still empty."""
