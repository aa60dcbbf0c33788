"""The workbench in a browser: a face that talks to the services of `proscribe.app`, and decides nothing itself."""
