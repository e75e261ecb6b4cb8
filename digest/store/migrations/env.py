"""Store room: what Alembic runs for a migration. The store hands in a connection in a transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
