"""The web application. Gradio lives here alone."""
