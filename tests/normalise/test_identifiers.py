"""Spellings of one paper fold to one key, and keys read as themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.normalise.identifiers import KEY_ORDER, arxiv_version, canonical, keys

NEW, OLD = "arxiv:2503.01234", "arxiv:hep-th/9901001"
SPELLINGS = [
    ("2503.01234", NEW),
    ("2503.01234v2", NEW),
    ("arXiv:2503.01234v3", NEW),
    ("arxiv: 2503.01234", NEW),
    ("ARXIV:2503.01234V2", NEW),
    ("arXiv 2503.01234", NEW),
    ("arXiv:2503.01234v1 [cs.CL]", NEW),
    ("https://arxiv.org/abs/2503.01234", NEW),
    ("http://www.arxiv.org/pdf/2503.01234v2.pdf", NEW),
    ("https://arxiv.org/pdf/2503.01234v2", NEW),
    ("https://arxiv.org/html/2503.01234v1#S2", NEW),
    ("https://export.arxiv.org/abs/2503.01234?context=cs.LG", NEW),
    ("arxiv.org/abs/2503.01234", NEW),
    ("https://ar5iv.labs.arxiv.org/html/2503.01234", NEW),
    ("https://doi.org/10.48550/arXiv.2503.01234", NEW),
    ("10.48550/ARXIV.2503.01234", NEW),
    ("doi:10.48550/arXiv.2503.01234v2", NEW),
    ("oai:arXiv.org:2503.01234v2", NEW),
    ("https://huggingface.co/papers/2503.01234#community", NEW),
    ("https://hf.co/papers/2503.01234", NEW),
    ("https://www.alphaxiv.org/abs/2503.01234v1", NEW),
    ("https://alphaxiv.org/overview/2503.01234", NEW),
    ("https://www.semanticscholar.org/arxiv/2503.01234", NEW),
    ("https://ui.adsabs.harvard.edu/abs/arXiv:2503.01234/abstract", NEW),
    ("https://scholar.google.com/scholar_url?url=https%3A%2F%2Farxiv.org%2Fabs%2F2503.01234&hl=en", NEW),
    ("https://github.com/someone/arxiv-mirror/blob/main/2503.01234.md", NEW),
    ("hep-th/9901001", OLD),
    ("arXiv:hep-th/9901001v3", OLD),
    ("https://arxiv.org/pdf/hep-th/9901001v3", OLD),
    ("oai:arXiv.org:hep-th/9901001", OLD),
    ("10.48550/arXiv.hep-th/9901001", OLD),
    ("math.GT/0309136", "arxiv:math/0309136"),
    ("https://arxiv.org/abs/math/0309136v1", "arxiv:math/0309136"),
    ("0704.0001", "arxiv:0704.0001"),
    ("10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
    ("https://doi.org/10.1145/3292500.3330701.", "doi:10.1145/3292500.3330701"),
    ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
    ("DOI: 10.1000/ABC", "doi:10.1000/abc"),
    ("info:doi/10.1000/abc", "doi:10.1000/abc"),
    ("urn:doi:10.1000/abc", "doi:10.1000/abc"),
    ("https://dx.doi.org/10.1000%2Fabc", "doi:10.1000/abc"),
    ("doi:10.1016/S0140-6736(20)30183-5).", "doi:10.1016/s0140-6736(20)30183-5"),
    (
        "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
        "doi:10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2",
    ),
    ("https://onlinelibrary.wiley.com/doi/full/10.1002/cpe.123?af=R", "doi:10.1002/cpe.123"),
    ("https://link.springer.com/article/10.1007/s10994-021-06012-9", "doi:10.1007/s10994-021-06012-9"),
    ("https://www.nature.com/articles/s41586-021-03819-2.pdf", "doi:10.1038/s41586-021-03819-2"),
    ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0012345", "doi:10.1371/journal.pone.0012345"),
    ("https://www.frontiersin.org/articles/10.3389/fpsyg.2020.00001/full", "doi:10.3389/fpsyg.2020.00001"),
    ("https://www.biorxiv.org/content/10.1101/2021.05.01.442244v2.full.pdf", "doi:10.1101/2021.05.01.442244"),
    ("https://www.medrxiv.org/content/10.1101/2020.03.09.20033217v1?rss=1", "doi:10.1101/2020.03.09.20033217"),
    ("10.1101/2021.05.01.442244v3", "doi:10.1101/2021.05.01.442244"),
    ("10.26434/chemrxiv-2021-abcde-v2", "doi:10.26434/chemrxiv-2021-abcde"),
    ("10.21203/rs.3.rs-123456/v1", "doi:10.21203/rs.3.rs-123456"),
    ("https://openreview.net/forum?id=AbCdEfGh12", "openreview:AbCdEfGh12"),
    ("https://openreview.net/pdf?id=AbCdEfGh12&x=1", "openreview:AbCdEfGh12"),
    ("https://openreview.net/forum?noteId=zz&id=AbCdEfGh12#d", "openreview:AbCdEfGh12"),
    ("PMID: 12345678", "pubmed:12345678"),
    ("https://pubmed.ncbi.nlm.nih.gov/12345678/", "pubmed:12345678"),
    ("https://www.ncbi.nlm.nih.gov/pubmed/12345678?dopt=Abstract", "pubmed:12345678"),
    ("https://europepmc.org/article/MED/12345678", "pubmed:12345678"),
    ("PMC1234567.1", "pmc:PMC1234567"),
    ("PMCID: PMC1234567", "pmc:PMC1234567"),
    ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/", "pmc:PMC1234567"),
    ("https://aclanthology.org/2023.acl-long.1/", "acl:2023.acl-long.1"),
    ("https://aclanthology.org/2023.acl-long.1.pdf", "acl:2023.acl-long.1"),
    ("https://www.aclweb.org/anthology/P19-1001/", "acl:P19-1001"),
    (
        "https://www.semanticscholar.org/paper/A-Title/204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "s2:204e3073870fae3d05bcbc2f6a8e263d9b72e776",
    ),
    ("CorpusID:13756489", "corpus:13756489"),
    ("https://openalex.org/W2741809807", "openalex:W2741809807"),
    ("https://api.openalex.org/works/w2741809807", "openalex:W2741809807"),
    ("https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.html", "dblp:conf/nips/VaswaniSPUJGKP17"),
    ("hal-01234567v2", "hal:hal-01234567"),
    ("https://www.Example.org/a/?utm_source=x&b=2&a=1#top", "url:example.org/a?a=1&b=2"),
    ("http://example.org:80/a?a=1&b=2", "url:example.org/a?a=1&b=2"),
]


@pytest.mark.parametrize(("spelling", "key"), SPELLINGS)
def test_spelling_folds_to_its_key(spelling: str, key: str) -> None:
    assert canonical(spelling) == key
    assert canonical(f"  {spelling}\n") == key
    assert canonical(key) == key


@pytest.mark.parametrize(
    "text",
    ["", "hello world", "12345", "2503.99", "2513.01234", "3.14159", "javascript:alert(1)", "mailto:a@b.org", "10.5 mm",
     "version 2503.01234 of it", "title:xyz", "http://", "https://[bad"],
)  # fmt: skip
def test_what_is_no_identifier_has_no_key(text: str) -> None:
    assert canonical(text) is None


@pytest.mark.parametrize(
    ("spelling", "version"),
    [("2503.01234v2", 2), ("https://arxiv.org/pdf/2503.01234v11.pdf", 11), ("hep-th/9901001v3", 3), ("2503.01234", None),  # noqa: E501
     ("10.1101/2021.05.01.442244v3", None), ("oai:arXiv.org:2503.01234v4", 4), ("nothing v2", None)],
)  # fmt: skip
def test_version_is_kept_apart(spelling: str, version: int | None) -> None:
    assert arxiv_version(spelling) == version


def test_strongest_key_first_and_each_once() -> None:
    found = keys("https://x.org/1", "PMID: 9", "10.18653/v1/P19-1001", "2503.01234v2", "arXiv:2503.01234")
    assert found == ("arxiv:2503.01234", "doi:10.18653/v1/p19-1001", "pubmed:9", "acl:P19-1001", "url:x.org/1")
    assert KEY_ORDER[:5] == ("arxiv", "doi", "openreview", "pubmed", "pmc")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from([s for s, _ in SPELLINGS]).flatmap(lambda s: st.text(max_size=5).map(s.__add__)),
    )
)
def test_keys_read_as_themselves(text: str) -> None:
    found = keys(text)
    assert keys(*found) == found
