"""Names, towns and words that the demo's people and organisations are called by. All combinations are invented."""

#: First names and surnames by the part of Europe that they are common in.
FIRST_NAMES = {
    "ie": (
        "Aisling Brendan Ciara Conor Dervla Eoghan Fionn Grainne Ita Kieran Lorcan Maeve Muireann Orla "
        "Padraig Roisin Ronan Saoirse Sinead Tadhg Una Cormac Deirdre Enda Fergal Nuala"
    ),
    "gb": (
        "Alice Barnaby Callum Daphne Edwin Fiona Gareth Harriet Imogen Jasper Kirsty Leonard Megan Nigel "
        "Olive Philippa Rhys Sophie Tabitha Vernon Winifred Zara Duncan Elspeth Graham Hattie Colin Bronwen"
    ),
    "de": (
        "Anke Bernd Claudia Dieter Elke Florian Gisela Heiko Ingrid Jochen Karin Lukas Mareike Norbert Paula "
        "Ralf Sabine Till Ulrike Volker Wiebke Svenja Torsten Birgit"
    ),
    "nl": (
        "Anouk Bram Coen Daan Els Femke Gijs Hanneke Ilse Joost Lieke Maarten Noor Pieter Roos Sander Tess Wouter Jelle"
    ),
    "es": (
        "Alba Bruno Carmen Diego Elena Fermin Gema Hugo Ines Javier Lola Marta Nicolas Paloma Raquel Sergio Teresa Unai"
    ),
    "fr": (
        "Amelie Bastien Camille Denis Elodie Fabien Gaelle Henri Isabelle Julien Laure Mathieu Noemie Odile "
        "Pascal Romain Sylvie Thibault Yvette"
    ),
    "no": ("Astrid Bjarne Dagny Erlend Frida Gunnar Hedda Ivar Jorunn Kjell Liv Magnus Oddny Sigrid Torvald Vigdis"),
    "in": (
        "Anjali Bhavesh Chitra Deepak Gauri Harish Isha Jatin Kavita Manoj Neha Pranav Rekha Sanjay Tara Varun Meera"
    ),
}
SURNAMES = {
    "ie": (
        "Brannigan Caffrey Devane Fogarty Gilhooly Hanratty Keaveney Lenihan Mulqueen Nestor Prendergast "
        "Quilty Rafter Scannell Tierney Wogan Culhane Doorley Furlong Geraghty Heffernan Kilbane Looney "
        "Meehan"
    ),
    "gb": (
        "Ashdown Birtwhistle Cattermole Dunstable Entwistle Farthing Gathercole Hebblethwaite Ibbotson "
        "Kettlewell Lockyer Marchbanks Netherton Osgood Pettigrew Rowbottom Satterthwaite Threadgold "
        "Underhill Wadsworth Yarwood Inchbald"
    ),
    "de": (
        "Ahlers Bruckmann Czerny Dornbusch Eichholz Freitag Grothe Hasselmann Imhoff Jahnke Kesselring "
        "Lindemann Mertens Niebuhr Ostermann Pfeifer Quandt Rademacher Sievers Tiedemann Uhlig Vollmer "
        "Wienecke Zimmerling"
    ),
    "nl": (
        "Appelboom Boersma Cuypers Dijkhuis Eekhout Geerlings Hofstra Jaspers Kloosterman Leenders Meulendijk "
        "Nijhof Oosterveld Postma Roelofs Schuurman Terpstra Veldkamp Wiersma Zandstra"
    ),
    "es": (
        "Arribas Barrientos Cifuentes Doval Escudero Fontana Garrido Hinojosa Iturbe Landa Montalban Noriega "
        "Olmedo Pedraza Quintero Robledo Salvatierra Tejero Urrutia Valcarcel"
    ),
    "fr": (
        "Aubertin Bellanger Chassagne Delorme Escoffier Fauvel Gaudreau Huchet Jaubert Lachance Marchand "
        "Noblet Pelletier Quesnel Roussel Sabatier Tessier Vautrin"
    ),
    "no": (
        "Aasland Brekke Dahlgren Eidsvik Fjeld Grindheim Haugen Isaksen Kvale Lunde Myhre Nordli Opdal "
        "Ravndal Skogen Tveit Ulvestad"
    ),
    "in": (
        "Acharya Bhandari Chaudhary Deshmukh Gokhale Hegde Iyengar Joglekar Kulkarni Menon Nambiar "
        "Padmanabhan Ranganathan Shenoy Tripathi Upadhyay"
    ),
}
#: Towns: name, country, the names common there, and how many of the people live there.
TOWNS = (
    ("Cork", "Ireland", "ie", 9),
    ("Dublin", "Ireland", "ie", 10),
    ("Galway", "Ireland", "ie", 5),
    ("Limerick", "Ireland", "ie", 3),
    ("Belfast", "United Kingdom", "gb", 3),
    ("London", "United Kingdom", "gb", 9),
    ("Leeds", "United Kingdom", "gb", 4),
    ("Bristol", "United Kingdom", "gb", 4),
    ("Glasgow", "United Kingdom", "gb", 4),
    ("Cardiff", "United Kingdom", "gb", 3),
    ("Leicester", "United Kingdom", "in", 4),
    ("Berlin", "Germany", "de", 5),
    ("Hamburg", "Germany", "de", 3),
    ("Leipzig", "Germany", "de", 2),
    ("Utrecht", "Netherlands", "nl", 4),
    ("Groningen", "Netherlands", "nl", 3),
    ("Madrid", "Spain", "es", 3),
    ("Valencia", "Spain", "es", 2),
    ("Lyon", "France", "fr", 3),
    ("Nantes", "France", "fr", 2),
    ("Bergen", "Norway", "no", 3),
    ("Uppsala", "Sweden", "no", 2),
    ("Boston", "United States", "gb", 4),
    ("Portland", "United States", "gb", 3),
    ("Toronto", "Canada", "in", 3),
)
#: Which language people of a country may also write in.
TONGUES_OF = {"Germany": "de", "Spain": "es", "France": "fr"}
HANDLE_WORDS = [
    "moss",
    "sprig",
    "loam",
    "fern",
    "sill",
    "twig",
    "pod",
    "leaf",
    "bean",
    "root",
    "kale",
    "plot",
    "mulch",
    "petal",
    "bark",
    "vine",
    "dew",
    "shoot",
    "clover",
    "thicket",
    "acorn",
    "husk",
    "nettle",
    "bramble",
    "marrow",
    "quince",
    "sorrel",
    "parsnip",
]
HANDLE_NOUNS = [
    "desk",
    "kitchen",
    "notes",
    "shelf",
    "diary",
    "bench",
    "flat",
    "corner",
    "ledger",
    "attic",
    "porch",
    "lab",
    "garden",
    "tales",
]
MAIL_HOSTS = ("postino.example", "inbox.example", "mailbarn.example", "quickletter.example", "myhome.example")
BIO_BITS = (
    "grows things on the {place}",
    "{plant} person",
    "{city} by way of everywhere",
    "two kids, one lamp, many pods",
    "I read the manual",
    "cook, walker, amateur of {plant}",
    "mostly {topic}",
    "tea before coffee",
    "posts are mine",
    "collects empty jars",
    "night owl in {city}",
    "left-handed gardener",
    "runs on {plant}",
    "here for the pictures",
)
ORGANIZATION_FIRST = [
    "Ashgrove",
    "Brackenfield",
    "Copperhill",
    "Dunmore",
    "Eastmarch",
    "Fairholm",
    "Greywater",
    "Hollin",
    "Ivybank",
    "Juniper",
    "Kingsmere",
    "Larkfield",
    "Millrace",
    "Northgate",
    "Oakhanger",
    "Pinebeck",
    "Quarryside",
    "Redwell",
    "Stonebridge",
    "Thornbury",
    "Undercliff",
    "Valeview",
    "Westering",
    "Yewdale",
]
SCHOOL_KINDS = (
    "Primary School",
    "Community College",
    "National School",
    "Academy",
    "Montessori",
    "Grammar School",
    "Kindergarten",
)
WORK_KINDS = (
    ("Insurance", "finance"),
    ("Architects", "design"),
    ("Logistics", "transport"),
    ("Software", "technology"),
    ("Dental Group", "health"),
    ("Hotel", "hospitality"),
    ("Law", "legal"),
    ("Biotech", "science"),
    ("Print Works", "manufacturing"),
    ("Co-op", "retail"),
)
#: Places that people check in at: name, town, latitude, longitude.
SPOTS = (
    ("Bantry Lane Market", "Cork", 51.8979, -8.4706),
    ("Fernhill Garden Hall", "Dublin", 53.3331, -6.2489),
    ("Quayside Seed Swap", "Galway", 53.2707, -9.0568),
    ("Old Tram Depot Market", "Bristol", 51.4545, -2.5879),
    ("Glasshouse Nine", "Leeds", 53.8008, -1.5491),
    ("Canal Street Plant Days", "Utrecht", 52.0907, 5.1214),
    ("Halle Ost Pflanzenmarkt", "Leipzig", 51.3397, 12.3731),
    ("Mercado de la Huerta", "Valencia", 39.4699, -0.3763),
    ("Marché des Serres", "Lyon", 45.764, 4.8357),
    ("Kelvin Potting Shed", "Glasgow", 55.8642, -4.2518),
)
