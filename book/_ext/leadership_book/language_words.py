"""Hold the words that the site takes from one table for each language.

They are marks, standing of a translation and the frame of a page.
The words of English pages stand where they are shown, but for those of the frame, which are in `FRAME`.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Language:
    """Words that a page in a language takes from here.

    Attributes
    ----------
    own : str
        Words of a link to the page in this language.
    between : str
        Word between the ends of an interval.
    interval : str
        Name of an interval, with its level in per cent in place of the braces.
    words : dict
        Words of comparison and verdict, and the labels before them, by the English ones.
    months : str
        The twelve months as they stand in a date.
    date, original : str
        Form of a date, and the sentence with the link to the English page.
    standings : dict
        What a translation is, by its standing in ``book/translations.yml``.
    ways : tuple of str
        Words of the links to what to do, to the evidence, to the data of a picture.
    added : tuple of str
        What a note says of one place added later, and of several.
    added_designs : tuple of str
        What it says of one design of many places, and of several.
    frame : dict
        Words of header, byline, contents and footer, by the keys of `FRAME`.
    """

    own: str
    between: str
    interval: str
    words: dict[str, str]
    months: str
    date: str
    standings: dict[str, str]
    original: tuple[str, str, str]
    ways: tuple[str, str, str]
    added: tuple[str, str]
    added_designs: tuple[str, str]
    frame: dict[str, Any]


FRAME: dict[str, Any] = {
    "skip": ("Skip to the text", "Skip to the contents"), "contents": "Contents", "find": "Search this book", "search": "Search",
    "colours": ("Light or dark", "Dark colours", "Light colours"), "home": "Home", "here": "On this page",
    "link": ("Copy link to this page", "Copied link to this page"), "cite": "Cite this page",
    "brief": "Brief to print, two pages at most", "release": "data release {}",
    "time": ("{} min to read", "{} min with tables", "{} min to read, {} min with all the evidence"), "turn": ("Previous", "Next"),
    "about": "By {author}, {day}. An independent publication from public sources, data release {release}. Not a publication of "
    "Teach For All or its partners, who have not reviewed it.",
    "licences": "Text and data {}, code MIT.", "data": "Data and sources", "repository": ("Repository", "Data release {} in the repository"),
}  # fmt: skip
LANGUAGES = {
    "es": Language(
        own="En español",
        between="a",
        interval="intervalo del {} %",
        words={
            "Comparison": "Comparación", "full": "completa", "partial": "parcial", "none": "ninguna",
            "Verdict": "Veredicto", "at least that large": "al menos así de grande", "ruled out": "descartado",
            "cannot say": "no se puede decir", "no comparison": "sin comparación", "unbounded": "sin límite",
        },
        months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        date="{day} de {month} de {year}",
        standings={
            "machine": "Traducción automática, aún sin leer por un hablante nativo.",
            "speaker": "Traducción automática, leída por un hablante nativo.",
        },
        original=(
            "Cotejada con el inglés el {date}. El índice y las fichas de los números están en inglés, y la búsqueda lleva "
            "sobre todo a páginas en inglés. En caso de duda vale la ", "página en inglés", ".",
        ),
        ways=("Qué hacer con esto (en inglés)", "Las pruebas, sección por sección (en inglés)", "Datos y descripción de la figura (en inglés)"),
        added=(
            "**Añadido después, fuera de los recuentos de esta página:** {places}. Su capítulo está en inglés.",
            "**Añadidos después, fuera de los recuentos de esta página:** {places}. Sus capítulos están en inglés.",
        ),
        added_designs=(
            "**Un diseño de muchos lugares añadido después, fuera de los recuentos de esta página:** {places}. Su capítulo está en inglés.",
            "**Diseños de muchos lugares añadidos después, fuera de los recuentos de esta página:** {places}. Sus capítulos están en inglés.",
        ),
        frame={
            "skip": ("Ir al texto", "Ir al índice"), "contents": "Índice", "find": "Buscar en el libro", "search": "Buscar",
            "colours": ("Claro u oscuro", "Colores oscuros", "Colores claros"), "home": "Inicio", "here": "En esta página",
            "link": ("Copiar el enlace a esta página", "Copiado"), "cite": "Citar esta página",
            "brief": "Resumen para imprimir, en inglés, dos páginas como máximo", "release": "versión de datos {}",
            "time": ("{} min de lectura", "{} min con las tablas", "{} min de lectura, {} min con toda la evidencia"), "turn": ("Anterior", "Siguiente"),
            "about": "Por {author}, {day}. Publicación independiente a partir de fuentes públicas, versión de datos {release}. "
            "No es una publicación de Teach For All ni de sus socios, que no la han revisado.",
            "licences": "Texto y datos {}, código MIT.", "data": "Datos y fuentes, en inglés", "repository": ("Repositorio", "Versión de datos {} en el repositorio"),
        },
    ),
    "hi": Language(
        own="हिन्दी में",
        between="से",
        interval="{} % अंतराल",
        words={
            "Comparison": "तुलना", "full": "पूरी", "partial": "आंशिक", "none": "कोई नहीं",
            "Verdict": "निष्कर्ष", "at least that large": "कम से कम इतना", "ruled out": "ख़ारिज",
            "cannot say": "कहा नहीं जा सकता", "no comparison": "कोई तुलना नहीं", "unbounded": "कोई सीमा नहीं",
        },
        months="जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
        date="{day} {month} {year}",
        standings={
            "machine": "मशीनी अनुवाद; इसे अभी किसी हिंदीभाषी ने नहीं पढ़ा है।",
            "speaker": "मशीनी अनुवाद, जिसे एक हिंदीभाषी ने पढ़ा है।",
        },
        original=(
            "अंग्रेज़ी से मिलान: {date}। विषय-सूची और संख्याओं के कार्ड अंग्रेज़ी में हैं, और खोज ज़्यादातर अंग्रेज़ी पन्नों तक ले जाती है। संदेह होने पर ", "अंग्रेज़ी का पन्ना",
            " मान्य होगा।",
        ),
        ways=("इससे क्या करें (अंग्रेज़ी में)", "सबूत, एक-एक भाग करके (अंग्रेज़ी में)", "चित्र के आँकड़े और विवरण (अंग्रेज़ी में)"),
        added=(
            "**बाद में जोड़ा गया, इस पृष्ठ की गिनती से बाहर:** {places}। अध्याय अंग्रेज़ी में है।",
            "**बाद में जोड़े गए, इस पृष्ठ की गिनती से बाहर:** {places}। अध्याय अंग्रेज़ी में हैं।",
        ),
        added_designs=(
            "**बाद में जोड़ा गया, कई जगहों का एक विश्लेषण, इस पृष्ठ की गिनती से बाहर:** {places}। अध्याय अंग्रेज़ी में है।",
            "**बाद में जोड़े गए, कई जगहों के विश्लेषण, इस पृष्ठ की गिनती से बाहर:** {places}। अध्याय अंग्रेज़ी में हैं।",
        ),
        frame={
            "skip": ("पाठ पर जाएँ", "विषय-सूची पर जाएँ"), "contents": "विषय-सूची", "find": "किताब में खोजें", "search": "खोजें",
            "colours": ("हल्का या गहरा", "गहरे रंग", "हल्के रंग"), "home": "मुखपृष्ठ", "here": "इस पन्ने पर",
            "link": ("इस पन्ने का लिंक कॉपी करें", "कॉपी हुआ"), "cite": "इस पन्ने का हवाला दें",
            "brief": "छापने के लिए सार, अंग्रेज़ी में, अधिकतम दो पन्ने", "release": "डेटा संस्करण {}",
            "time": ("पढ़ने में {} मिनट", "तालिकाओं सहित {} मिनट", "पढ़ने में {} मिनट, सभी प्रमाणों सहित {} मिनट"), "turn": ("पिछला", "अगला"),
            "about": "{author}, {day}। सार्वजनिक स्रोतों पर आधारित स्वतंत्र प्रकाशन, डेटा संस्करण {release}। यह Teach For All या उसके "
            "साझेदारों का प्रकाशन नहीं है, और उन्होंने इसे जाँचा नहीं है।",
            "licences": "पाठ और आँकड़े {}, कोड MIT।", "data": "आँकड़े और स्रोत, अंग्रेज़ी में", "repository": ("रिपॉज़िटरी", "रिपॉज़िटरी में डेटा संस्करण {}"),
        },
    ),
    "lv": Language(
        own="Latviski",
        between="līdz",
        interval="{} % intervāls",
        words={
            "Comparison": "Salīdzinājums", "full": "pilns", "partial": "daļējs", "none": "nav",
            "Verdict": "Slēdziens", "at least that large": "vismaz tik daudz", "ruled out": "izslēgts",
            "cannot say": "nevar pateikt", "no comparison": "nav salīdzinājuma", "unbounded": "bez robežām",
        },
        months="janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī",
        date="{year}. gada {day}. {month}",
        standings={
            "machine": "Mašīntulkojums, ko vēl nav izlasījis neviens, kam latviešu valoda ir dzimtā.",
            "speaker": "Mašīntulkojums, ko izlasījis cilvēks, kam latviešu valoda ir dzimtā.",
        },
        original=(
            "Ar angļu tekstu salīdzināts {date}. Saturs un skaitļu kartītes ir angļu valodā, un meklēšana galvenokārt ved uz "
            "lapām angļu valodā. Šaubu gadījumā noteicošā ir ", "lapa angļu valodā", ".",
        ),
        ways=("Ko ar to darīt (angļu valodā)", "Pierādījumi pa sadaļām (angļu valodā)", "Attēla dati un apraksts (angļu valodā)"),
        added=(
            "**Pievienots vēlāk, ārpus šīs lapas skaita:** {places}. Nodaļa ir angļu valodā.",
            "**Pievienoti vēlāk, ārpus šīs lapas skaita:** {places}. Nodaļas ir angļu valodā.",
        ),
        added_designs=(
            "**Vēlāk pievienota daudzu vietu analīze, ārpus šīs lapas skaita:** {places}. Nodaļa ir angļu valodā.",
            "**Vēlāk pievienotas daudzu vietu analīzes, ārpus šīs lapas skaita:** {places}. Nodaļas ir angļu valodā.",
        ),
        frame={
            "skip": ("Pāriet uz tekstu", "Pāriet uz saturu"), "contents": "Saturs", "find": "Meklēt grāmatā", "search": "Meklēt",
            "colours": ("Gaišs vai tumšs", "Tumšas krāsas", "Gaišas krāsas"), "home": "Sākums", "here": "Šajā lapā",
            "link": ("Kopēt saiti uz šo lapu", "Nokopēts"), "cite": "Citēt šo lapu",
            "brief": "Kopsavilkums drukai angļu valodā, ne vairāk kā divas lappuses", "release": "datu laidiens {}",
            "time": ("lasāms {} min", "{} min ar tabulām", "lasāms {} min, ar visiem pierādījumiem {} min"), "turn": ("Iepriekšējā", "Nākamā"),
            "about": "{author}, {day}. Neatkarīgs izdevums no publiskiem avotiem, datu laidiens {release}. Tas nav Teach For All vai "
            "tā partneru izdevums, un viņi to nav pārskatījuši.",
            "licences": "Teksts un dati {}, kods MIT.", "data": "Dati un avoti angļu valodā", "repository": ("Repozitorijs", "Datu laidiens {} repozitorijā"),
        },
    ),
}  # fmt: skip
COMMA = {"lv", "es-CL"}  # languages whose decimals follow a comma; with es-419, es-PE and es-US a point
