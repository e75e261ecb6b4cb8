"""The commands. Only this room prints, and only it and the schedule know what time it is.

`main` is the program: it turns the exceptions of errors.py into one line and an exit code. Commands import what they
need when they run, so that `digest --help` stays fast; keep it so (tests/cli/test_help.py).
"""

import sys


def main() -> None:
    """Run the command line; exits with the code of errors.py, 130 when interrupted."""
    import errno
    import warnings

    from typer.exceptions import Abort, TyperException

    from digest.cli.app import app
    from digest.errors import DigestError

    # Where there is no shared memory (a bare sandbox), a library says that it works alone, which it does anyhow.
    warnings.filterwarnings("ignore", "(?s).*joblib will operate in serial mode")
    try:
        code = app(standalone_mode=False)
    except DigestError as error:
        _say(str(error))
        code = error.exit_code
    except TyperException as error:
        _say(f"{error.format_message()}\nTry 'digest --help', or --help after a command.")
        code = error.exit_code
    except (Abort, KeyboardInterrupt):
        _say("interrupted; what was finished is kept")
        code = 130
    except BrokenPipeError:
        code = 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT):
            raise
        _say(f"{error.strerror}: {error.filename or 'the disk'}; nothing half-written was left")
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _say(message: str) -> None:
    print(f"digest: {message}", file=sys.stderr)
