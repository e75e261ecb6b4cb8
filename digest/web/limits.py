"""Web: how often one client, or one address, may ask. In memory, bounded; a restart forgets."""

import ipaddress
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

MOST_KEPT = 10_000


class Limit:
    """At most `most` of a kind within `window`, sliding. Threads may share one."""

    def __init__(self, most: int, window: timedelta) -> None:
        self._most, self._window = most, window
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, kind: str, now: datetime) -> bool:
        """Whether one more of `kind` is within the limit; it counts if so."""
        with self._lock:
            times = self._times.setdefault(kind, deque())
            self._times.move_to_end(kind)
            while len(self._times) > MOST_KEPT:
                self._times.popitem(last=False)
            while times and times[0] <= now - self._window:
                times.popleft()
            if len(times) >= self._most:
                return False
            times.append(now)
            return True


class Buckets:
    """At most `a_minute` of a kind on average, so many at once after a pause. For one thread; bounded like `Limit`."""

    def __init__(self, a_minute: int) -> None:
        self._most, self._held = float(a_minute), OrderedDict[str, tuple[float, datetime]]()

    def allows(self, kind: str, now: datetime) -> bool:
        """Whether one more of `kind` is within the limit; it counts if so."""
        left, last = self._held.pop(kind, (self._most, now))
        left = min(self._most, left + max(0.0, (now - last).total_seconds()) * self._most / 60)
        self._held[kind] = (left - 1 if left >= 1 else left, now)
        if len(self._held) > MOST_KEPT:
            self._held.popitem(last=False)
        return left >= 1


def client(host: str) -> str:
    """What counts as one client: an IPv4 address, or the 64 bits of an IPv6 one that name its network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(getattr(address, "ipv4_mapped", None) or address)
