"""Web: the folder channel as static files: what `publish` wrote is what is served. GET and HEAD alone."""

from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from digest.render import FORMATS
from digest.web.guard import Scope

MEDIA = {file: media_type for file, media_type in FORMATS.values() if file.endswith((".xml", ".json", ".md"))}


class Files(StaticFiles):
    """Files below a folder that may not be there yet; ``FOLDER/`` is its index.html. Half-written and hidden ones are
    not served."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self.config_checked = True  # the folder appears with the first issue

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at `path`, or an HTTPException with 404 or 405."""
        if any(part.startswith(".") and part not in (".", ".well-known") for part in path.split("/")):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        if isinstance(response, RedirectResponse):  # to the same folder with a slash: relative, whatever host we are
            folder = quote(path.rpartition("/")[2])
            return Response(status_code=308, headers={"Location": f"./{folder}/"})
        media_type = MEDIA.get(path.rpartition("/")[2])
        if media_type and response.status_code == 200:
            response.headers["Content-Type"] = media_type
        return response
