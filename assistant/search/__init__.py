"""Provisions are found: tokens, vectors (Chroma), fusion, router."""
