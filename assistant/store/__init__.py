"""The store: catalogue, generations, ingest, health."""
