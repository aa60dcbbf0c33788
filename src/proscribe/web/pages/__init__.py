"""Pages: plain functions from a call to an answer; each asks a service, and writes a template."""
