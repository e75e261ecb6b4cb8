"""Summarise room: the TL;DR, one sentence of the abstract itself, shortened without inventing a word.

Pure and without a network. `abstract.py` says which sentences there are, `shorten.py` how they may be cut, `ranker.py`
which form is best, `subject.py` who is said to have done it. Touched when the seam itself changes.
"""

from digest.model import Paper
from digest.summarise import abstract, ranker
from digest.summarise.subject import Subject, told_by


def tldr(paper: Paper, max_words: int = 30, subject: Subject = "abstract") -> str:
    """One sentence of the paper's abstract in at most `max_words` words, or "" where none is fit to be printed.

    The words are the abstract's own. Only the first letter may change its case; a pointer to what was said before
    ("this feedback loop") may become an article, an acronym the words that the abstract spells it with; and, as
    `subject` asks, "we" become "the authors" or the other way round. Never the title.
    """
    longer = subject == "authors"  # "The authors" are two words
    return told_by(ranker.best(paper.title, abstract.body(paper), max_words - longer), subject)
