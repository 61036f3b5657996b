"""Load, faults and planted instructions: scripts that print figures for evals/README.md and exit 1 where a target is missed."""
