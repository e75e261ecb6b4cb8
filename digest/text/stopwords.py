"""Text: words that carry no topic, by language. Touched when a heading or a group hangs on an empty word.

`STOP_WORDS` are function words: they end a phrase and are never counted. `STOCK_WORDS` are what any paper says of
itself ("propose", "results"): they may be counted, and are never part of a heading.
"""

_ENGLISH = """
    a about above across after again against all almost along already also although always am among an and another
    any are aren around as at away back be became because become becomes been before behind being below between
    beyond both but by can cannot could couldn did didn do does doesn doing don done down due during each either
    else enough even ever every everything few for from further had has hasn have haven having he hence her here
    hers herself him himself his how however i if in indeed instead into is isn it its itself just least less like
    ll made make makes many may me might mine more moreover most mostly much must my myself namely near neither
    never nevertheless no nobody none nor not nothing now of off often on once one only onto or other others
    otherwise ought our ours ourselves out over own per perhaps quite rather re really s same seem seems several she
    should shouldn since so some still such t than that the their theirs them themselves then thereby therefore
    these they this those though three through throughout thus to together too toward towards two under unless
    unlike until up upon us ve very via was wasn we well were weren what whatever when where whereas whether which
    while who whole whom whose why will with within without won would wouldn yes yet you your yours yourself
    yourselves"""
_GERMAN = """
    aber alle allem allen aller alles als am an andere anderen auch auf aus bei beim bereits bis bzw da dabei
    dadurch dafür daher damit dann daran darauf das dass dazu dein dem den denen der deren des deshalb dessen die
    dies diese diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines er es etwa für gegen hat
    hatte hier ihr ihre ihren ihrer im in indem ist je jede jeder jedes jedoch kann kein keine können mehr mit
    müssen nach nicht noch nun nur ob oder ohne sehr sein seine seit sich sie sind so sowie soll sowohl über um und
    uns unser unsere unter vom von vor war waren warum was weil welche wenn werden wie wir wird wo wurde wurden
    während zu zum zur zwischen zwei"""
_FRENCH = """
    afin ainsi alors au aucun aussi autre autres aux avec avoir car ce cela celle celles celui ces cet cette ceux
    chaque comme comment d dans de depuis des deux donc dont du elle elles en encore entre est et été être eux fait
    font il ils je jusqu l la le les leur leurs lors lorsque mais même moins n ne ni notre nos nous on ont ou où par
    parmi pas peu peut peuvent plus plusieurs pour pourquoi puis qu quand que quel quelle qui quoi sa sans se selon
    ses si soit son sont sous sur ta tandis tel telle tous tout toute toutes très trois un une vers vos votre vous y
    à"""
_SPANISH = """
    al algo algunas algunos ante antes aquí así aunque cada como con contra cual cuando de del desde donde dos
    durante e el ella ellas ellos en entre era es esa ese eso esta estas este esto estos está están fue ha han hasta
    hay la las le les lo los mediante menos mientras muy más ni no nos nosotros nuestra nuestro o otra otras otro
    otros para pero poco por porque pues puede pueden que quien se sea según ser si sido sin sino sobre son su sus
    también tan tanto tiene todo todos tres tras un una uno unos usted ya y él"""
_STOCK = """
    abstract academic accordingly accurately achieve achieved achieves achieving address addresses addressing adopt
    adopts advance advanced advancement advances advantage advantages aim aims allow allowing allows analyses
    analysis analyze appear applied apply approach approaches arbeit article articles arxiv aspect aspects assess
    assume assumption assumptions aufgabe author authors available based baseline baselines beitrag benchmark
    benchmarks best better breakthrough bridge build building called capabilities capability capable capacity
    capture case cases cet challenge challenges challenging code codes combine combining common commonly compare
    compared comparison competitive complex component components comprehensive comprehensively compute conclude
    conduct conducted consider considerable considered consistent consistently consists contain contains
    contribution contributions conventional core corresponding create creates critical crucial current currently
    dataset datasets demand demands demonstrate demonstrated demonstrates demonstrating depend derive describe
    describes design designed despite detail detailed details develop developed development developments different
    difficult directly discuss diverse easily effect effective effectively effectiveness effects efficient
    efficiently effort efforts eliminate emerge emerging employ employs enable enables enabling encourage end
    enhance enhanced enhances enhancing ensure ensures ensuring ergebnisse especially essential establish estudio
    evaluate evaluated evaluating evaluation evaluations evidence exceptional exhibit existing experiment
    experimental experiments explain explore explores exploring extend extends extensive extensively face facilitate
    factor factors failure feature features field fields finally find finding findings finds first focus focuses
    following form forms framework frameworks full fully fundamental furthermore future gain gains gap gaps general
    generally generate generated generates github given goal good great greatly growing help helps high higher
    highlight highly http https hundred idea identify impact impacts implement implementation importance important
    importantly impressive improve improved improvement improvements improves improving include includes including
    incorporate increase increased increasing increasingly independent individual input insight insights integrate
    integrates integrating introduce introduced introduces introducing introduction investigate investigates issue
    issues keep key known lack large largely last latest lead leading leads learn learns leverage leverages
    leveraging limit limitation limitations limited line little long low lower main mainly major make manner mean
    method methode methodologies methodology methods metric metrics million mitigate modern multiple méthode método
    natural necessary need needed needs neue new newly next notable notably nouveau nouvelle novel nueva nuevo
    number numerous obtain obtained obtains offer offering offers old open outcome outcomes outperform outperforming
    outperforms output outputs overall overcome paper papers paradigm paradigms part particular particularly perform
    performance performances performed performing performs perspective perspectives pipeline pipelines play point
    popular poses possible potential potentially powerful practical practice present presenta presentamos presented
    presents prevent previous previously primary principle principled principles prior problem problems procedure
    process produce produces progress promising proper properties property propone propose proposed proposes
    proposons prove provide provided provides providing proving publicly purpose question questions quickly range
    rapid rapidly rate rates reach real recent recently reduce reduced reduces reducing related release relevant
    rely relying remain remains remarkable remarkably report represent require required requires research
    researchers resolve respectively result resultados resulting results reveal reveals review rich rigorous robust
    role roles résultats scalability scalable scenario scenarios second section sensitive set sets setting settings
    shed short show showing shown shows significant significantly similar simple simply single solution solutions
    solve solved solves solving sota source specific specifically standard state step steps strategies strategy
    strong struggle struggles studie studied studies study studying suboptimal substantial substantially success
    successful successfully suffer suffers suggest suggests suitable superior support surpass surpasses survey
    systematic systematically tackle tackling take target task tasks technique techniques term terms test third
    thousands tool total trabajo trade trade-offs tradeoff traditional treat type types typically understand unified
    unique unprecedented use used useful user users uses using utilize utilizes utilizing valuable value values
    variety various vary vast verfahren verify version way ways wide widely wider widespread work works worse year
    years yet yield yields zeigen zeigt zero étude"""

# Chinese and Japanese words that end a phrase; runs of kana that are no katakana word do so as well.
# What is too general to be a heading by itself, though "image generation" is one.
_GENERAL = """
    3d polynomial sparsity
    accuracy action agent agentic ai algorithm architecture argue asymmetric attention audio bias bound causal
    channel class classification clinical communication community complexity computation concept constraint content
    context continuous control cost data decision deep demand detection deterministic device digital discrete
    discriminative distribution document domain dynamic efficiency embedding embodied engagement environment
    equilibrium error estimation event example execution experience external fast fewer function game generation
    generative global goal graph group human image individual information instruction intelligence interaction
    internal knowledge label language latency layer learning level linear llm local location logic maximal measure
    memory minimal modality mode model modeling modelling module multilingual multimodal network neural node
    nonlinear numerical object objective observation operation opportunity optimal optimization order pair parameter
    participant pass pattern people performance person perspective physic pixel plan planner policy prediction
    preference principle privacy private probability processing program prompt proof quality query rational
    reasoning region relation representation request response reward rule sample sampling scale scaling scene
    science score search semantic sentence sequence signal simulation site size social software space spatial speed
    spoken stage static statistical stochastic structural structure subject symmetric synthetic system team
    technology temporal text textual theory thing time token tool training transfer truth uncertainty understanding
    universal update vector view virtual visual word world year"""
_EMPTY_PHRASES = """
    artificial intelligence; attack success rate; black box; candidate action; closed form; computational cost; data
    driven; deep learning; deep neural; deep neural network; external knowledge; fine grained; high fidelity; high
    quality; language understanding; large scale; larger model; long term; machine learning; neural network; np hard;
    optimal policy; polynomial time; pre trained; pre training; real time; real world; success rate; training data;
    word error rate; world data; ground truth; text based; time consuming; learning rate; model size; test time; source
    code; trade off; input data; inference time; training cost; training time; user experience; context length"""

_CJK = """
    的 了 和 是 在 与 及 等 对 中 为 一种 基于 我们 本文 提出 以及 通过 进行 使用 研究 方法
    実験 提案 手法 論文 本論文"""

CJK_STOPS = frozenset(_CJK.split())
GENERAL_WORDS = frozenset(_GENERAL.split())
EMPTY_PHRASES = frozenset(" ".join(phrase.split()) for phrase in _EMPTY_PHRASES.split(";"))
STOP_WORDS = frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _SPANISH)).split())
STOCK_WORDS = frozenset(_STOCK.split())
