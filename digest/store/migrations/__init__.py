"""Store room: migrations, run by the store itself when it is opened."""
