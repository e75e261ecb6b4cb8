"""Titles alone group sensibly in German, French, Spanish, Chinese and Japanese: three invented themes a language."""

from itertools import permutations

import pytest
from themes import NOW, check, paper

from digest.group import group

TITLES = {
    "german": (
        [
            "Gletscherschmelze in den Alpen",
            "Die Massenbilanz alpiner Gletscher im Sommer",
            "Gletscher und Moränen: eine Kartierung",
            "Wie schnell fließt ein Gletscher?",
            "Eisdicke der Gletscher mit Radar gemessen",
        ],
        [
            "Korallenriffe unter Hitzestress",
            "Bleiche der Korallenriffe im Pazifik",
            "Fische an Korallenriffen zählen",
            "Larven besiedeln Korallenriffe bei Nacht",
            "Schutzgebiete für Korallenriffe",
        ],
        [
            "Glasuren im Brennofen der Antike",
            "Der Brennofen und sein Ton",
            "Temperatur im Brennofen regeln",
            "Ein Brennofen aus Ziegeln",
            "Ton, Glasuren und der Brennofen",
        ],
    ),
    "french": (
        [
            "La fonte des glaciers alpins",
            "Le bilan de masse des glaciers",
            "Moraines et glaciers : une carte",
            "À quelle vitesse coulent les glaciers ?",
            "L'épaisseur des glaciers mesurée au radar",
        ],
        [
            "Les récifs coralliens sous la chaleur",
            "Blanchissement des récifs coralliens",
            "Compter les poissons des récifs coralliens",
            "Des larves dans les récifs coralliens",
            "Protéger les récifs coralliens",
        ],
        [
            "Émaux et four de potier antique",
            "Le four de potier et son argile",
            "Régler la température d'un four de potier",
            "Un four de potier en briques",
            "Argile, émaux et four de potier",
        ],
    ),
    "spanish": (
        [
            "El deshielo de los glaciares andinos",
            "Balance de masa de los glaciares",
            "Morrenas y glaciares: un mapa",
            "¿A qué velocidad fluyen los glaciares?",
            "El espesor de los glaciares medido con radar",
        ],
        [
            "Arrecifes de coral bajo el calor",
            "El blanqueo de los arrecifes de coral",
            "Contar peces en arrecifes de coral",
            "Larvas en los arrecifes de coral",
            "Proteger los arrecifes de coral",
        ],
        [
            "Esmaltes y horno de alfarero antiguo",
            "El horno de alfarero y su arcilla",
            "Regular la temperatura de un horno de alfarero",
            "Un horno de alfarero de ladrillo",
            "Arcilla, esmaltes y horno de alfarero",
        ],
    ),
    "chinese": (
        ["高山冰川的消融研究", "冰川物质平衡的变化", "冰川流速的测量", "用雷达测量冰川厚度", "冰川与冰碛地貌"],
        ["珊瑚礁白化的原因", "高温下的珊瑚礁", "珊瑚礁鱼类的调查", "珊瑚礁幼体的附着", "保护珊瑚礁的方法"],
        ["古代陶瓷窑炉的结构", "窑炉温度的控制", "陶瓷釉料与窑炉", "砖砌窑炉的设计", "窑炉中的陶瓷黏土"],
    ),
    "japanese": (
        ["アルプスの氷河の融解", "氷河の質量収支の変化", "氷河の流れの速さ", "氷河の厚さ", "氷河とモレーン"],
        ["サンゴ礁の白化の原因", "高温下のサンゴ礁", "サンゴ礁の魚の調査", "サンゴ礁の幼生の着底", "サンゴ礁を守る"],
        ["古代の陶磁器の窯", "窯の温度の制御", "陶磁器の釉薬と窯", "煉瓦で作る陶磁器の窯", "窯と陶磁器の粘土"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(TITLES))
def test_titles_group_by_theme(language: str) -> None:
    titles = [(title, theme) for theme, some in enumerate(TITLES[language]) for title in some]
    papers = [paper(number, title) for number, (title, _) in enumerate(titles)]
    found = group(papers, (), minimum=2, maximum=7, now=NOW, count=3)
    slugs = [topic.slug for topic in found.topics]
    assert len(slugs) >= 3, "three themes, three headings"
    placed = [slugs.index(found.topic_of[one.id]) for one in papers]
    right = max(
        sum(order[theme] == at for at, (_, theme) in zip(placed, titles, strict=True))
        for order in permutations(range(len(slugs)), 3)
    )
    assert right >= 13, f"{right} of 15: {[(topic.name, placed.count(n)) for n, topic in enumerate(found.topics)]}"


@pytest.mark.parametrize("language", sorted(TITLES))
def test_names_are_words_of_the_language(language: str) -> None:
    papers = [paper(number, title) for number, title in enumerate(title for some in TITLES[language] for title in some)]
    found = group(papers, (), minimum=2, maximum=7, now=NOW)
    check(found, papers, 2, 7)
    every = " ".join(one.title for one in papers).casefold()
    names = [topic.name for topic in found.topics if topic.kind == "discovered"]
    assert names and all(name.casefold() in every for name in names), names
