"""The text room: what several stages need of language: sentences, tokens, phrases, vectors. Stages may import it."""
