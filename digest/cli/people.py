"""Readers: `readers add|import|export|list|remove`."""
import typer
readers = typer.Typer()
