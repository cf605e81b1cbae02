"""What alembic runs to walk the steps; the connection comes from the program, which has opened a transaction on it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
