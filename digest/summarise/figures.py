"""Summarise room: numbers that a paper says of itself: results with their unit as written, and its pages.

A result is only taken where the sentence is about the paper's own work, says it reached the number, names the measure
and where it was measured, and compares with nobody. Pure; touched when a badge was wrong (then a stricter rule and a
test).
"""

import re

from digest.model import Paper
from digest.text import sentences

LONGEST = 40  # characters of a badge
_MEASURE = (
    r"(?:(?:top-1|top-5|mean|average|overall|balanced|zero-shot|test|classification|macro|micro|weighted)[ -])*"
    r"(?:accuracy|F1(?:[ -]scores?)?|mAP(?:@[\d.:]+)?|AP(?:50|75)?|mIoU|IoU|AUC(?:[- ]ROC)?|AUROC|AUPRC|BLEU(?:-4)?|"
    r"ROUGE-L|PSNR|SSIM|LPIPS|FID|FVD|WER|CER|EER|[Pp]ass@\d+|Dice(?: scores?| coefficient)?|success rate|"
    r"exact match|precision|recall|sensitivity|specificity|RMSE|MAE|R\^?2|perplexity)"
)
_NUMBER = r"\d{1,3}(?:\.\d{1,3})?\s?(?:%|dB)?"
_PLACE = r"(?: on| in) (?:the )?[A-Z][\w.+-]*\w(?:[ -](?:[A-Z0-9][\w.-]*\w|\d+))*(?: (?:benchmark|dataset|test set))?"
_REACHED = r"(?:achiev|reach|attain|obtain|scor)(?:es|e|ed|s|ing)?\s+(?:an? |(?:a )?(?:new )?state-of-the-art )?"
_RESULT = re.compile(
    rf"\b{_REACHED}(?P<said>(?:{_NUMBER} (?:in )?{_MEASURE}|{_MEASURE} of {_NUMBER}){_PLACE})"
    r"(?=[.,;]|$| (?:and|while|with|using)\b)"
)
_OWN = re.compile(
    r"^(?:(?:extensive |comprehensive )?(?:experiments?|results?|evaluations?)\b[^,;]{0,60}"
    r"\b(?:show|demonstrate|indicate)s? that )?"
    r"(?:we|our|the proposed|with [^,]{3,40}, (?:we|our))\b",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:only|merely|even|still|best|baselines?|previous|prior|existing|humans?|experts?|whereas|while|compared|"
    r"versus|vs|than|from|up to|as (?:low|high|much) as|nearly|about|approximately|around|over|between|respectively|"
    r"fails?|struggl\w+|if|degrad\w+|drops?|attack\w*|GPT\S*|LLMs?|Gemini\S*|Claude\S*|without|not|no)\b",
    re.I,
)
_PAGES = re.compile(r"(?<![\w.+/-])(\d{1,3})\s*-?(?:pages?|pp\.?)(?!\w)", re.I)
_PARTS = re.compile(
    r"\+|\b(?:append\w+|suppl\w+|main|body|references?|excluding|including|plus|without|extended)\b", re.I
)


def result(paper: Paper) -> str:
    """A result as the abstract words it ("92.3% accuracy on ImageNet"), or "" where none is certain."""
    name = paper.title.split(":", 1)[0].strip() if ":" in paper.title else ""
    for sentence in sentences.split(paper.abstract[:8000]):
        own = _OWN.match(sentence) or (name and len(name) > 2 and sentence.startswith(name + " "))
        if own and not _OTHERS.search(sentence) and (found := _RESULT.search(sentence)):
            said = " ".join(found["said"].split())
            return said if len(said) <= LONGEST else ""
    return ""


def pages(comment: str) -> str:
    """ "12 pages" where a comment says one number of pages and nothing of parts; else ""."""
    found = _PAGES.findall(comment)
    if len(found) != 1 or _PARTS.search(comment) or not int(found[0]):
        return ""
    return f"{int(found[0])} page{'s' if int(found[0]) > 1 else ''}"
