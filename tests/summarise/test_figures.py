"""Numbers a paper says of itself: taken as written where certain, and not at all elsewhere."""

import pytest

from digest.model import Paper
from digest.summarise.figures import pages, result


def found(abstract: str, title: str = "SporeNet: where fern spores land") -> str:
    return result(Paper(id="p", keys=("p",), title=title, abstract=abstract))


@pytest.mark.parametrize(
    ("abstract", "said"),
    [
        ("SporeNet achieves 92.3% accuracy on FernSet.", "92.3% accuracy on FernSet"),
        (
            "Ferns are old. Our method reaches an mIoU of 54.1 on FernScapes, a new record.",
            "mIoU of 54.1 on FernScapes",
        ),
        ("Experiments on two islands show that our net attains 31.2 dB PSNR on SporeSR.", "31.2 dB PSNR on SporeSR"),
        ("We obtain an F1 score of 0.91 on the FernNER test set.", "F1 score of 0.91 on the FernNER test set"),
    ],
)
def test_a_result_is_taken_as_written(abstract: str, said: str):
    assert found(abstract) == said
    assert said in abstract


@pytest.mark.parametrize(
    "abstract",
    [
        "GPT-9 achieves 92.3% accuracy on FernSet.",
        "We find that the best model achieves only 12.3% accuracy on FernSet.",
        "Existing methods reach 92.3% accuracy on FernSet.",
        "We improve accuracy from 80% and obtain 92.3% accuracy on FernSet.",
        "Our method achieves 92.3% accuracy.",
        "Our method achieves nearly 92.3% accuracy on FernSet.",
        "Our method is fast; humans achieve 92.3% accuracy on FernSet.",
        "Our method achieves 92.3% and 81.0% accuracy on FernSet and MossSet, respectively.",
        "We achieve 92.3% accuracy on FernSet without labels being needed by anybody at all.",
        "Our attack reduces a model that achieves 92.3% accuracy on FernSet.",
        "We obtain an F1 score of 0.91 on the FernNER Of All The Islands Of The Far North And South.",
        "",
    ],
)
def test_a_number_that_may_be_anothers_is_not(abstract: str):
    assert found(abstract) == ""


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("22 pages, 5 figures", "22 pages"),
        ("Accepted at FernCon 2026; 9 pages", "9 pages"),
        ("1 page", "1 page"),
        ("14pp.", "14 pages"),
        ("8 pages + 5 pages appendix", ""),
        ("8+5 pages", ""),
        ("12 pages including references", ""),
        ("see pages 3", ""),
        ("project page", ""),
        ("0 pages", ""),
        ("", ""),
    ],
)
def test_pages_are_those_of_one_count(comment: str, said: str):
    assert pages(comment) == said
