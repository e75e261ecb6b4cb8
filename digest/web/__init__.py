"""Web: the pages of readers, and the folder channel beside them, so that one process is the site.

    application(plan, store, post, clock)    the app: routes, limits, security headers
    Site(app, serve)                         it behind a socket, started and stopped

An entry point: it may ask the clock, and joins what it likes but the command line. No page changes anything by being
looked at (GET, HEAD); none needs a script, a cookie or a login: a signed token in the address is what lets its holder
do one thing for one reader.
"""

from digest.web.app import application
from digest.web.site import Site

__all__ = ["Site", "application"]
