"""digest: a self-hosted newsletter of trending papers. Start reading at pipeline.py, then model/."""
