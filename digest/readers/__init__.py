"""Readers room: who may become a reader, and the signed links by which a reader changes their mind.

    address.checked(text) -> str               an address in the one form it is kept and written to
    table.read(body, newsletters, …) -> Table   a CSV file of readers, every bad row named by its line
    tokens.Tokens(keys)                         links that name no address; tokens.keys(home) keeps the keys

Touched when readers may say something new. This room sees no store: operations and the pages join them.
"""
