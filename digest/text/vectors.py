"""Text: texts as vectors. Touched when "alike" should mean something else. Imports scikit-learn late.

A `LatentSpace` is TF-IDF over `tokens.terms` followed by a truncated SVD (latent semantic analysis: Deerwester et al.
1990, "Indexing by latent semantic analysis"), fitted once on texts and then fixed: arrays and JSON, never a pickle.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.text.tokens import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SCHEMA = 1
DIMENSIONS = 50
_TERMS = 40_000  # the commonest are kept
MOST_TEXTS = 20_000  # a space is fitted on so many, evenly spaced: more cost memory and change little


@dataclass(frozen=True, slots=True, eq=False)
class LatentSpace:
    """`vocabulary` in alphabetical order, its inverse document frequencies `idf` (terms,) and the `axes` (dimensions,
    terms) that weighted counts are projected on; fitted on so many `texts`."""

    vocabulary: tuple[str, ...]
    idf: "Floats"
    axes: "Floats"
    texts: int = 0

    def project(self, texts: Sequence[str]) -> "Floats":
        """A row of unit length for each text (texts, dimensions); a text without a known term is all zeros."""
        import numpy as np

        if not texts or not self.vocabulary:
            return np.zeros((len(texts), len(self.axes)), dtype=np.float32)
        return unit(self.weigh(texts) @ self.axes.T)

    def weigh(self, texts: Sequence[str]) -> Any:
        """The sparse TF-IDF rows (texts, terms) of unit length; counts are damped as 1 + log(count)."""
        from scipy.sparse import csr_array
        from sklearn.feature_extraction.text import TfidfVectorizer

        if not self.vocabulary:
            return csr_array((len(texts), 0))
        weigher = TfidfVectorizer(analyzer=terms, vocabulary=self.vocabulary, sublinear_tf=True)
        weigher.idf_ = self.idf.astype("float64")
        return weigher.transform(texts)

    def shares(self, texts: Sequence[str]) -> Any:
        """Sparse rows (texts, terms) that say what part of each text is about each single-word term: 1 + log counts by
        `idf`, summing to 1 (0 for a text without known term). Pairs of words are left out: they repeat their parts."""
        import numpy as np
        from scipy.sparse import diags_array
        from sklearn.preprocessing import normalize

        if not self.vocabulary:
            return self.weigh(texts)
        single = np.array([" " not in term for term in self.vocabulary], dtype=np.float64)
        return normalize(self.weigh(texts) @ diags_array(single), norm="l1")

    def to_bytes(self) -> bytes:
        """The space as an .npz archive; `from_bytes` gives it back."""
        head = {"schema": SCHEMA, "vocabulary": self.vocabulary, "texts": self.texts}
        return pack(head, idf=self.idf, axes=self.axes)

    @classmethod
    def from_bytes(cls, data: bytes) -> "LatentSpace":
        """Reads what `to_bytes` wrote. ValueError for another schema or anything else."""
        head, arrays = unpack(data, SCHEMA)
        return cls(tuple(head["vocabulary"]), arrays["idf"], arrays["axes"], head["texts"])


def fit(texts: Sequence[str], dimensions: int = DIMENSIONS) -> LatentSpace:
    """The space of `texts`: terms that at least two of them and at most half use (any, if there are fewer than 20
    texts). Depends on the order of `texts` only by rounding; no text, or none with a term, gives an empty space."""
    import numpy as np
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    given, few = len(texts), len(texts) < 20
    texts = _spread(texts, MOST_TEXTS)
    least, most = (1, 1.0) if few else (2 if len(texts) < 5000 else 5, 0.5)
    weigher = TfidfVectorizer(analyzer=terms, sublinear_tf=True, min_df=least, max_df=most, max_features=_TERMS)
    try:
        rows = weigher.fit_transform(texts)
    except ValueError:  # scikit-learn's way to say that no term is left
        return LatentSpace((), np.zeros(0, np.float32), np.zeros((0, 0), np.float32))
    vocabulary = tuple(weigher.get_feature_names_out())
    dimensions = min(dimensions, *rows.shape)
    if dimensions < min(rows.shape):
        axes = TruncatedSVD(dimensions, random_state=0).fit(rows).components_
    else:
        axes = np.linalg.svd(rows.toarray(), full_matrices=False)[2][:dimensions]
    return LatentSpace(vocabulary, weigher.idf_.astype(np.float32), axes.astype(np.float32), given)


def _spread(texts: Sequence[str], most: int) -> list[str]:
    """At most `most` of the texts, evenly spaced."""
    return list(texts) if len(texts) <= most else [texts[number * len(texts) // most] for number in range(most)]


def unit(rows: Any) -> "Floats":
    """`rows` (n, d), dense, each scaled to length 1; a row of (nearly) nothing becomes zeros."""
    import numpy as np

    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(lengths > 1e-6, rows / np.maximum(lengths, 1e-6), 0).astype(np.float32)


def pack(head: dict[str, Any], **arrays: "NDArray[Any]") -> bytes:
    """`head` (JSON values) and `arrays` as one .npz archive; the same values give the same bytes. Half floats are left
    as they are: they hardly pack, and are read at once."""
    import numpy as np

    text = json.dumps(head, ensure_ascii=False, sort_keys=True).encode()
    store = io.BytesIO()
    members: dict[str, Any] = {"head": np.frombuffer(text, np.uint8), **arrays}
    plain = any(array.dtype == np.float16 for array in arrays.values())
    (np.savez if plain else np.savez_compressed)(store, **members)
    return store.getvalue()


def unpack(data: bytes, schema: int) -> "tuple[dict[str, Any], dict[str, NDArray[Any]]]":
    """What `pack` packed. ValueError if it is no such archive or its head names another schema."""
    import zipfile

    import numpy as np

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as store:
            arrays = {name: store[name] for name in store.files}
            head = json.loads(arrays.pop("head").tobytes())
    except (zipfile.BadZipFile, OSError, KeyError, EOFError) as error:
        raise ValueError(f"not a fitted space: {error}") from error
    if head.get("schema") != schema:
        raise ValueError(f"a fitted space of schema {head.get('schema')}, where {schema} is read: fit it anew")
    return head, arrays
