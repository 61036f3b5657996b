"""Found provisions become an answer whose every sentence is cited and checked."""
