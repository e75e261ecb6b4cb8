"""The text room: what several stages need of language: sentences, tokens, terms, vectors. Touched when a stage misreads a text."""
