"""The other three communities: offices, small spaces, houseplants."""

from jobs.demo.phrases.making_topics import SCHOOL, TINKER
from jobs.demo.phrases.topics import FRUIT, HERBS, HowTo, Topic

WORK = Topic(
    "work",
    "Offices",
    {
        "plant": ("mint", "rocket", "lettuce", "basil", "chard", "sorrel", "lemon balm", "watercress"),
        "place": (
            "canteen",
            "entrance hall",
            "meeting room",
            "break area",
            "coffee corner",
            "atrium",
            "showroom",
            "post room",
        ),
        "team": ("facilities", "the night shift", "our finance floor", "the people team", "the whole office", "sales"),
        "topic": (
            "the service plan",
            "the lease",
            "the annual contract",
            "installation",
            "the maintenance visit",
            "the wellbeing budget",
        ),
        "dish": ("canteen salad", "iced tea", "Friday lunch"),
    },
    (
        "the Wall in our {place} went up on {weekday}, {n} hours of work, {nn} plants",
        "{team} waters nothing any more, the {product} in the {place} runs on its own since {month}",
        "month {n} with Grove for Work: {grams} g of {plant} went into {dish}",
        "quote for {n} units for the {place} is in, {topic} comes to {nn} euro a week",
        "we put {plant} next to the printer in the {place} and {team} picks it for {dish}",
        "asked {team} what they think of the green wall: {pct} percent vote for a second one in the {place}",
        "compared {topic} of {n} vendors for the {place}, table is in the notes",
    ),
    (
        "visitors smile at the Wall in our {place} before they see the desk, great first impression",
        "{team} loves the {plant} in the {place}, best {nn} euro of the wellbeing budget",
        "the maintenance visit was quick and friendly, {nn} minutes and everything looked fresh",
        "since the green wall came to the {place} people enjoy their breaks there, lovely to see",
        "very happy with {topic}, fair and clear",
    ),
    (
        "the maintenance visit was missed for the [second|third] time, very unprofessional",
        "the Wall in our {place} looks awful, half of the {plant} is dead",
        "{topic} is a mess, three prices in three mails, frustrating",
    ),
    (
        "ask facilities for the socket plan first, the Wall in the {place} wants its own fuse",
        "put {plant} at elbow height in the {place}, people pick what is near",
        "book the maintenance visit for {weekday} before {hour}, nobody sits in the {place} then",
        "name one person of {team} for the tank, a duty of all is nobody's duty",
        "put the {topic} numbers per desk, finance reads it faster",
        "keep {n} cm between the Wall and the air vent of the {place}",
        "rotate {plant} with salad each {n} weeks, the {place} smells of mint for a month otherwise",
    ),
    (
        HowTo(
            "{topic}",
            ("what is {topic} for you with {n} units", "who signs {topic} at your place, {team} or finance"),
            (
                "{nn} euro a unit and month with everything in it",
                "under two thousand a year {team} signs here",
                "ask for the three year price, it's {pct} percent less",
            ),
        ),
        HowTo(
            "looking after a Wall",
            ("how many hours a week does the Wall in a {place} take", "does {team} do the tank or the service"),
            (
                "half an hour, mostly picking",
                "the service each {n} weeks, {team} only refills",
                "none, the contract covers it",
            ),
        ),
        HowTo(
            "light in the {place}",
            ("is the lamp too much for a {place} with screens", "can the lamps in the {place} go off at {hour}"),
            (
                "turn it {nn} degrees to the wall, nobody noticed since",
                "set office hours in the app, plants take ten hours",
                "matt screens, or the other side of the {place}",
            ),
        ),
        HowTo(
            "picking rules",
            ("who may pick the {plant} in your {place}", "how do you split {grams} g of {plant} on a floor of {nn}"),
            (
                "whoever waters, picks",
                "a pair of scissors on a string and it sorts itself out",
                "it goes into {dish}, once a week, for everyone",
            ),
        ),
    ),
    (
        "that {place} looks fantastic",
        "great numbers, {team} must be pleased",
        "love it, wish our {place} had one",
        "nice, well done to {team}",
    ),
    (
        "how many units is that in the {place}",
        "who pays for it, {team} or the landlord",
        "what is {topic} for you",
        "how loud is the Wall in the {place}",
    ),
    ("#workplace", "#facilities", "#greenoffice", "#futureofwork"),
)

SMALL = Topic(
    "small",
    "Small spaces",
    {
        "plant": (
            "salad mix",
            "basil",
            "mint",
            "pansy",
            "chard",
            "rocket",
            "viola",
            "lavender",
            "lettuce",
            "cornflower",
        ),
        "place": (
            "studio",
            "box room",
            "tiny kitchen",
            "bathroom",
            "sleeping corner",
            "attic flat",
            "houseboat",
            "rented room",
            "bay window",
            "van",
        ),
        "decor": (
            "a walnut shelf",
            "a clamp rail",
            "a white bracket",
            "a peg board",
            "a rattan tray",
            "a folding table",
            "a wall rail",
            "an old wine crate",
        ),
        "colour": ("sage", "sand", "black", "white", "terracotta"),
        "dish": ("salad", "lunch", "soup"),
    },
    (
        "{nn} square metres, one {product}, {n} kinds of green, and {decor} under it",
        "put the {colour} {product} on {decor} in the {place}, {cm} cm of depth is all it takes",
        "swapped the lamp in the {place} for the {product}, it lights the room until {hour}",
        "moving day: the {product} sat on my lap for {nn} km with the {plant} in it",
        "the {plant} in the {place} is at {cm} cm, the cat is at zero bites, day {nn}",
        "before and after of the {place}: {decor}, the {colour} {product}, {n} pods of {plant}",
        "ate {dish} from the {place} on {weekday}, {grams} g, counted",
    ),
    (
        "the {colour} {product} looks gorgeous on {decor}",
        "my {place} feels alive now, I love waking up to {plant}",
        "tiny flat, big happiness: fresh {plant} in the {place}",
        "landlord approved, cat approved, and it's beautiful",
        "such a pretty thing, everybody who visits the {place} asks about it",
    ),
    (
        "the {product} is too bright for one room and ugly from the side, I'm disappointed",
        "the {colour} paint came off after {n} weeks, cheap and nasty for the price",
        "no space left in the {place} and the cable is too short, annoying design",
    ),
    (
        "turn the lamp side of the {product} to the wall, the {place} gets the soft light",
        "{decor} carries {n} kg, a full {product} weighs less than that",
        "run the cable behind {decor} with two clips",
        "in a {place} pick small growers: {plant} stays under {cm} cm",
        "set light hours to when you are out, the {place} stays dark for films",
        "put a tray of pebbles under the {product}, saves the deposit",
        "one is all that goes in here, so I plant {plant} every {n} weeks in the gaps",
    ),
    (
        HowTo(
            "renting and {decor}",
            ("how do you put up {decor} in a rental without drilling", "does {decor} hold a full {product}"),
            (
                "adhesive strips rated for {nn} kg, two more than you think",
                "mine holds since {month}, I put felt under it",
                "lean it, a shelf that stands needs nothing in the wall",
            ),
        ),
        HowTo(
            "the lamp in one room",
            ("where does the {product} go when you sleep in the same room", "what light hours do you use in a {place}"),
            (
                "{hour} to {hour} while I'm at work",
                "behind a curtain, the plants don't mind",
                "in the bathroom, it has a door",
            ),
        ),
        HowTo(
            "cats and {plant}",
            ("does {plant} go with a cat in a {place}", "how do you keep a cat off the {product}"),
            (
                "grow cat grass in pod one, it leaves the others be",
                "citrus peel around the base, refresh each {n} days",
                "hang it on {decor}, up high",
            ),
        ),
        HowTo(
            "the colour of the {product}",
            ("{colour} or white for a dark {place}", "does the {colour} {product} show water marks"),
            (
                "white vanishes against a wall, {colour} is furniture",
                "a bit, wipe it once a week",
                "{colour}, the white one shows every splash",
            ),
        ),
    ),
    (
        "this is such a beautiful corner",
        "the {colour} one on {decor} looks so good",
        "love what you did with the {place}",
        "so pretty, I want to move in",
    ),
    (
        "where is {decor} from",
        "how deep is the sill in that {place}",
        "is that the {colour} or the sand one",
        "how much light does the {place} get besides the lamp",
    ),
    ("#smallspaces", "#rentalfriendly", "#tinyhome", "#interiors"),
)

HOUSE = Topic(
    "house",
    "Houseplants",
    {
        "plant": (
            "monstera",
            "calathea",
            "orchid",
            "pothos",
            "maidenhair fern",
            "begonia",
            "hoya",
            "alocasia",
            "philodendron",
            "string of pearls",
            "peperomia",
            "prayer plant",
            "anthurium",
            "staghorn fern",
        ),
        "place": ("plant corner", "bedroom", "bathroom", "north room", "plant cabinet", "stairwell", "living room"),
        "chore": ("rooting", "repotting", "misting", "humidity", "a semi-hydro setup", "leaf cleaning", "quarantine"),
        "dish": ("tea",),
    },
    (
        "the {plant} piece has {n} roots of {n} cm after {nn} days in the {product}",
        "new leaf on the {plant} in the {place}, leaf {n} since {month}",
        "moved the {plant} from soil to the {product}, washed the roots, took {n} of them off",
        "humidity in the {place} is {pct} percent with the lid, {nn} without",
        "repotted the {plant} on {weekday}, {nn} cm pot, bark and perlite one to {n}",
        "{plant} under the Lumen Bar at {cm} cm: {n} nodes in {nn} days",
        "{chore} day for {nn} pots, the {plant} goes first",
    ),
    (
        "my {plant} opened a perfect leaf under the Lumen Bar and I'm in love",
        "never saw roots this healthy on a {plant}, what a joy",
        "the {plant} I nearly lost is thriving in the {product}, so happy",
        "the {plant} blooms for the first time in {n} years, I cried a little, happy tears",
        "gorgeous colour on the {plant} since it moved to the {place}",
    ),
    (
        "root rot on the {plant} after {n} weeks in the {product}, I'm heartbroken",
        "the Lumen Bar burned the leaves of my best {plant}, angry is not the word",
        "spider mites on the {plant} again, I hate them",
    ),
    (
        "wash every bit of soil off the {plant} before it goes into water",
        "{chore} in the evening, the lamp leaves spots on wet leaves",
        "let cuttings of {plant} dry for {n} hours before they touch water",
        "a {plant} wants {pct} percent humidity, a glass over the pod does that for {n} days",
        "turn the {plant} a quarter each {weekday}, it stays upright",
        "keep new plants {n} weeks away from the {place}, {chore} can wait",
        "half the food of the herbs is enough for a {plant}",
    ),
    (
        HowTo(
            "rooting {plant}",
            (
                "does a piece of {plant} root in the {product} without hormone",
                "where do you snip a {plant} for rooting",
            ),
            (
                "below a node, and two nodes under water",
                "without hormone here, {nn} days and roots of {n} cm",
                "with one leaf on it, more only drinks",
            ),
        ),
        HowTo(
            "light for {plant}",
            ("how far from the Lumen Bar do you keep a {plant}", "do ten hours of lamp do for a {plant} in a {place}"),
            (
                "{cm} cm plus a fist, closer and the leaves fade",
                "ten in winter, eight from {month} on",
                "look at the new leaves: small and pale means closer",
            ),
        ),
        HowTo(
            "{chore} for {plant}",
            ("do you do {chore} for a {plant}", "how often is {chore} due with a {plant}"),
            (
                "each {n} weeks, not by the calendar but by the roots",
                "never, mine sits in the {place} and does its thing",
                "only while it's putting out a leaf",
            ),
        ),
        HowTo(
            "moving {plant} back to soil",
            ("can a {plant} go back into soil after {n} months in water", "how do you harden off a {plant}"),
            (
                "it can, keep the soil wet for {n} weeks and then less each time",
                "a bag over it for {nn} days and small holes from day {n}",
                "water roots are brittle, {n} leaves come off each time",
            ),
        ),
    ),
    (
        "what a beautiful {plant}",
        "that leaf is stunning, congrats",
        "so healthy, you have a gift with {plant}",
        "wow, I love the colour on it",
    ),
    (
        "how old is the {plant}",
        "what is the mix you use for the {plant}",
        "which window does the {place} have",
        "is that one lamp or two over the {plant}",
    ),
    ("#houseplants", "#plantshelf", "#propagation", "#urbanjungle"),
)

#: In the order of the communities' numbers.
TOPICS = (HERBS, FRUIT, TINKER, SCHOOL, WORK, SMALL, HOUSE)
