"""An assessment as a document to hand on."""
