"""Official texts: fetched or imported, read into units, looked up by provision and day."""
