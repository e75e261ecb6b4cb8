"""Web: what the pages of few words say. Touched when readers misunderstand one."""

from digest.render.pages import Words

NO_ADDRESS = "This is no mail address we can write to; it should look like name@example.org."
CHOOSE = "Choose at least one newsletter."
CHOOSE_OR_LEAVE = "Choose at least one newsletter, or unsubscribe below."
NO_DENSITY = "There is no such choice of how much to show."
NO_DAY = "The day should look like 2026-08-31."

LOOK_AT_YOUR_MAIL = Words(
    title="Look at your mail",
    paragraphs=(
        "We have written to this address. Follow the link in that mail to go on; without it, nothing more is sent.",
        "If nothing comes within some minutes, look among the spam, or try again later.",
    ),
)
CONFIRM = Words(
    title="Confirm",
    paragraphs=("One press, and your subscription begins; the latest issue comes at once.",),
    button="Confirm the subscription",
)
OVER = Words(
    title="This link does not work",
    paragraphs=("It is too old, or not complete. Links in newer mails work; to join, ask once more.",),
    link=("Subscribe", "../subscribe"),
)
UNABLE = Words(
    title="Not now",
    paragraphs=("This cannot be done just now, and nothing was changed. Please try again in some minutes.",),
)
_REFUSED = {
    401: ("Not signed", "What was sent is not signed as it should be, so nothing was done."),
    403: ("Not from there", "This form was sent from another site, so nothing was done."),
    404: ("Not here", "There is no such page."),
    405: ("Not like this", "This page cannot be used that way."),
    413: ("Too much", "That was more than this form takes."),
    415: ("Not like this", "This is not how the form sends."),
    429: ("Slowly, please", "There were too many requests from where you are. Please try again in an hour."),
}


def confirmed(preferences: str) -> Words:
    """They are subscribed from now on."""
    return Words(
        title="You are subscribed",
        paragraphs=("The latest issue is on its way to you; the next one comes at its hour.",),
        link=("Choose what you get", preferences),
    )


def not_joined(again: str) -> Words:
    """Preferences of who gets nothing."""
    return Words(
        title="You get no mail from us",
        paragraphs=("There is nothing to choose while you are not subscribed.",),
        button="Subscribe",
        action=again,
    )


def gone(again: str) -> Words:
    """They are unsubscribed; `again` is where a button leads that takes it back, "" for no button."""
    return Words(
        title="You are unsubscribed",
        paragraphs=("No more mail is sent to you. This took effect at once.",),
        button="It was a mistake: subscribe again" if again else "",
        action=again,
        quiet=True,
    )


def vote(choice: str, title: str) -> Words:
    """The page that a link to vote leads to; only its button votes."""
    question, button = (
        ("More like this?", "More like this") if choice == "more" else ("Less like this?", "Less like this")
    )
    return Words(
        title=question, paragraphs=(title, "One press, and it counts. You may change it later."), button=button
    )


def voted(choice: str, title: str, other: str) -> Words:
    """A vote was counted; `other` is where a button leads that turns it round."""
    wanted = "more" if choice == "more" else "less"
    return Words(
        title="Noted",
        paragraphs=(title, f"You want {wanted} like this. It counts once; what you press last holds."),
        button=f"No: {'less' if choice == 'more' else 'more'} like this",
        action=other,
        quiet=True,
    )


TOO_MANY = Words(
    title="Enough for today",
    paragraphs=("You have voted on very many papers within a day, so this one was not counted. Tomorrow is fine.",),
)


def refused(status: int, home: str) -> Words:
    """What an HTTP status means; `home` is where the site begins."""
    title, said = _REFUSED.get(status, ("This did not work", f"The answer is {status}; nothing was changed."))
    return Words(title=title, paragraphs=(said,), link=("To the newsletter", home))
