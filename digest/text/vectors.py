"""Text: texts as vectors. Touched when "alike" should mean something else. Imports scikit-learn late.

A `LatentSpace` is TF-IDF over `tokens.terms` followed by a truncated SVD (latent semantic analysis: Deerwester et al.
1990, "Indexing by latent semantic analysis"), fitted once on texts and then fixed: arrays and JSON, never a pickle.
With a language model (`embedding`) its rows go on with what that makes of each text: `Sense`.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.model import TextModel
from digest.text import embedding
from digest.text.tokens import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SCHEMA = 1
DIMENSIONS = 50
_TERMS = 40_000  # the commonest are kept
_READ = 4000  # a model's axes are fitted on so many of them: what it makes of a text is slow to be had
_KEPT = 50  # dimensions of what a model makes of a text
MOST_TEXTS = 20_000  # a space is fitted on so many, evenly spaced: more cost memory and change little


@dataclass(frozen=True, slots=True, eq=False)
class Sense:
    """What a language model adds to a space: its rows less their `mean` (dimensions,) on the `axes` (kept, dimensions)
    of their principal components. `mark` is that of the model they were fitted with."""

    model: TextModel
    mark: str
    mean: "Floats"
    axes: "Floats"

    @classmethod
    def of(cls, model: TextModel, texts: Sequence[str]) -> "Sense":
        """The principal components of what the model makes of these texts."""
        import numpy as np

        embedder = embedding.load(model)
        rows = unit(embedder.embed(texts))
        mean = rows.mean(axis=0)
        return cls(model, embedder.mark, mean, np.linalg.svd(rows - mean, full_matrices=False)[2][:_KEPT])

    def rows(self, texts: Sequence[str]) -> "Floats":
        """A row for each text (texts, kept), as long as it should be beside one of length 1. InputError where the model
        can no longer be had, or is another by now."""
        embedder = embedding.load(self.model)
        if embedder.mark != self.mark:
            what = "is another model than the topic space was made with; the next issue makes one anew"
            raise embedding.wrong(self.model.where, self.model.name, what)
        return unit((unit(embedder.embed(texts)) - self.mean) @ self.axes.T) * embedder.worth


@dataclass(frozen=True, slots=True, eq=False)
class LatentSpace:
    """`vocabulary` in alphabetical order, its inverse document frequencies `idf` (terms,) and the `axes` (dimensions,
    terms) that weighted counts are projected on; fitted on so many `texts`. `sense` is what a language model adds."""

    vocabulary: tuple[str, ...]
    idf: "Floats"
    axes: "Floats"
    texts: int = 0
    sense: Sense | None = None

    def is_of(self, model: TextModel | None) -> bool:
        """Whether it was fitted with this very model, or without where there is none."""
        if self.sense is None or model is None:
            return self.sense is None and model is None
        return self.sense.model.name == model.name and self.sense.mark == embedding.load(model).mark

    @property
    def dimensions(self) -> int:
        """How long a row is."""
        return len(self.axes) + (len(self.sense.axes) if self.sense else 0)

    def project(self, texts: Sequence[str]) -> "Floats":
        """A row of unit length for each text (texts, dimensions); a text without a known term is all zeros."""
        import numpy as np

        if not texts or not self.vocabulary:
            return np.zeros((len(texts), self.dimensions), dtype=np.float32)
        return self._rows(texts, self.weigh(texts))

    def read(self, texts: Sequence[str]) -> "tuple[Floats, Any]":
        """What `project` and `shares` give, at the cost of one."""
        if not texts or not self.vocabulary:
            return self.project(texts), self.weigh(texts)
        weighed = self.weigh(texts)
        return self._rows(texts, weighed), self._shares(weighed)

    def _rows(self, texts: Sequence[str], weighed: Any) -> "Floats":
        import numpy as np

        rows = unit(weighed @ self.axes.T)
        if self.sense is None:
            return rows
        known = rows.any(axis=1, keepdims=True)
        return unit(np.hstack([rows, self.sense.rows(texts)]) * known)

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
        return self._shares(self.weigh(texts)) if self.vocabulary else self.weigh(texts)

    def _shares(self, weighed: Any) -> Any:
        import numpy as np
        from scipy.sparse import diags_array
        from sklearn.preprocessing import normalize

        single = np.array([" " not in term for term in self.vocabulary], dtype=np.float64)
        return normalize(weighed @ diags_array(single), norm="l1")

    def to_bytes(self) -> bytes:
        """The space as an .npz archive; `from_bytes` gives it back."""
        head: dict[str, Any] = {"schema": SCHEMA, "vocabulary": self.vocabulary, "texts": self.texts}
        if self.sense is None:
            return pack(head, idf=self.idf, axes=self.axes)
        head |= {"model": self.sense.model.name, "mark": self.sense.mark}
        return pack(head, idf=self.idf, axes=self.axes, mean=self.sense.mean, sense=self.sense.axes)

    @classmethod
    def from_bytes(cls, data: bytes) -> "LatentSpace":
        """Reads what `to_bytes` wrote. ValueError for another schema or anything else."""
        head, arrays = unpack(data, SCHEMA)
        model = TextModel(head["model"]) if "model" in head else None
        added = Sense(model, head["mark"], arrays["mean"], arrays["sense"]) if model else None
        return cls(tuple(head["vocabulary"]), arrays["idf"], arrays["axes"], head["texts"], added)


def fit(texts: Sequence[str], dimensions: int = DIMENSIONS, model: TextModel | None = None) -> LatentSpace:
    """The space of `texts`: terms that at least two of them and at most half use (any, if there are fewer than 20
    texts), and what a `model` makes of them. Depends on the order of `texts` only by rounding; no text, or none with a
    term, gives an empty space. InputError for a model that cannot be had."""
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
    added = Sense.of(model, _spread(texts, _READ)) if model else None
    return LatentSpace(vocabulary, weigher.idf_.astype(np.float32), axes.astype(np.float32), given, added)


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
