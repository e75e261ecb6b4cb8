"""Store room: one module a migration, `vNNNN_WHAT.py`, written by hand; `tables.REVISION` names the newest."""
