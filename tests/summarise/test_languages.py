"""Whether a sentence may be in the language asked for: only a clear no counts."""

import pytest

from digest.summarise.languages import code, may_be

SAID = {
    "English": "We propose a network that predicts where the spores of ferns land from wind and rain.",
    "German": "Wir schlagen ein Netz vor, das aus Wind und Regen vorhersagt, wo die Sporen der Farne landen.",
    "French": "Nous proposons un réseau qui prédit où tombent les spores des fougères dans le vent et sous la pluie.",
    "Spanish": "Proponemos una red que predice dónde caen las esporas de los helechos por el viento y la lluvia.",
    "Chinese": "我们提出了一种预测蕨类孢子落点的网络。",
    "Japanese": "本研究では、シダの胞子がどこに落ちるかを予測するネットワークを提案する。",
    "Russian": "Мы предлагаем сеть, которая предсказывает, где приземляются споры папоротников.",
    "Arabic": "نقترح شبكة تتنبأ بمكان هبوط أبواغ السرخس من الرياح والمطر.",
}
PAIRS = [(said, asked) for said in SAID for asked in SAID if said != asked]


@pytest.mark.parametrize("language", SAID)
def test_a_sentence_may_be_in_its_own_language(language: str):
    assert may_be(SAID[language], language)
    assert may_be(SAID[language], code(language))


@pytest.mark.parametrize(("said", "asked"), PAIRS)
def test_a_sentence_in_another_language_is_refused(said: str, asked: str):
    assert not may_be(SAID[said], asked)


def test_names_and_formulas_may_be_latin_in_any_language():
    assert may_be("我们提出 SporeNet，一种预测孢子落点的网络，误差降低 12.5%。", "Chinese")
    assert may_be("SporeNet: F1 = 0.93", "German")  # nothing that tells a language


@pytest.mark.parametrize(
    ("written", "known"),
    [("German", "de"), ("deutsch", "de"), ("de-AT", "de"), ("pt_BR", "pt"), (" EN ", "en"), ("Klingon", ""), ("", "")],
)
def test_a_language_is_known_by_code_or_name(written: str, known: str):
    assert code(written) == known


def test_an_unknown_language_may_be_anything():
    assert may_be(SAID["German"], "Klingon")
