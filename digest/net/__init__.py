"""The room that asks the network: one polite, bounded, guarded client. The only user of httpx.

Touched when a request has to be made, limited or refused differently; nothing here knows what a paper is.
"""

from digest.net.calling import Reply, call
from digest.net.client import Client, Response
from digest.net.errors import FetchError
from digest.net.guard import may_ask

__all__ = ["Client", "FetchError", "Reply", "Response", "call", "may_ask"]
