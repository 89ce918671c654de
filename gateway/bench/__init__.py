"""How fast the gateway is, beside what its database could do at best. `python -m gateway bench`; Linux only."""
