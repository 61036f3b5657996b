"""What those who run the application look at: metrics, health, logs."""
