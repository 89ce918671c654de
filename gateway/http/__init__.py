"""One GraphQL request over HTTP: read it, negotiate the answer, run it, and say how it went."""
