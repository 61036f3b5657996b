"""The interface for other programs: JSON over HTTP, described by an OpenAPI document."""
