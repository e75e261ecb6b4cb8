"""The one error of the room `net`. Touched when a caller must tell another kind of failure apart."""


class FetchError(Exception):
    """A URL gave no usable answer, and why in one sentence.

    `status` is the HTTP status if there was one; `gone` is true for 410; `retry_after_s` is how long the server asked
    to be left alone when that was too long to wait for.
    """

    def __init__(
        self, message: str, status: int | None = None, gone: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.gone = gone
        self.retry_after_s = retry_after_s
