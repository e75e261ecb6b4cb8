"""The room that asks the network: one polite, bounded, guarded client. The only user of httpx.

Touched when a request has to be made, limited or refused differently; nothing here knows what a paper is.
"""

from digest.net.client import Client, Response
from digest.net.errors import FetchError

__all__ = ["Client", "FetchError", "Response"]
