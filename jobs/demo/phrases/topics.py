"""What a community talks about: words, updates, tips, questions with answers, praise. The first two of seven."""

from dataclasses import dataclass

Templates = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HowTo:
    """A question that people of a topic ask each other, and what others answer."""

    label: str
    asks: Templates
    answers: Templates


@dataclass(frozen=True, slots=True)
class Topic:
    """One community's subject. ``words`` fills its slots: one of each a conversation, so that replies keep to it."""

    key: str
    name: str
    words: dict[str, Templates]
    updates: Templates
    praises: Templates
    gripes: Templates
    tips: Templates
    how_tos: tuple[HowTo, ...]
    cheers: Templates
    details: Templates
    hashtags: Templates


HERBS = Topic(
    "herbs",
    "Herbs and kitchen",
    {
        "plant": (
            "basil",
            "coriander",
            "mint",
            "parsley",
            "thyme",
            "dill",
            "lemon balm",
            "Thai basil",
            "oregano",
            "sage",
            "tarragon",
            "chervil",
            "rocket",
            "sorrel",
            "lemongrass",
            "shiso",
        ),
        "place": ("kitchen", "back kitchen", "breakfast corner", "pantry", "scullery", "hall", "dining room"),
        "dish": (
            "pesto",
            "chimichurri",
            "tabbouleh",
            "salsa verde",
            "mint tea",
            "herb butter",
            "focaccia",
            "gremolata",
            "raita",
            "pho",
            "green goddess dressing",
            "frittata",
            "ramen",
            "chicken soup",
            "potato salad",
            "shakshuka",
        ),
    },
    (
        "[day|week] {n} and the {plant} [stands|is] {cm} cm [tall|high] in the {place}",
        "picked {grams} g of {plant} [today|this morning|for tonight] and [made|turned it into] {dish}",
        "the {plant} [was trimmed|got a haircut] on {weekday} and is back to {cm} cm already",
        "sowed [another row of|more] {plant} next to the [old|tall] one in the {product}",
        "[{dish} tonight|tonight is {dish}], all of the {plant} from the {product} in the {place}",
        "moved the {plant} from the {place} to the [other window|shelf by the fridge] and wrote down the centimetres",
        "drying [half|a tray] of the {plant} in the oven at {pct} degrees, the rest goes into {dish}",
    ),
    (
        "{dish} with {plant} I cut {n} minutes before is [so much better|amazing|a delight|pure joy]",
        "my {plant} smells wonderful when I walk into the {place}",
        "this {plant} is the best I ever grew, big glossy leaves and a great taste",
        "no more sad supermarket {plant} in plastic, [I love that|what a relief|happy days]",
        "our guests loved the {dish} and couldn't believe the {plant} grew in the {place}",
    ),
    (
        "my {plant} bolted after {n} weeks and tastes bitter, so disappointing",
        "the {plant} in the herb pack is weak and tasteless, I hate to waste it",
        "for what the pods cost I get a sad handful of {plant}, not even enough for {dish}",
    ),
    (
        "snip {plant} above the second pair of leaves and it branches",
        "freeze {plant} in oil in an ice cube tray, {n} cubes make {dish}",
        "pinch the flowers off {plant} each week, the leaves stay soft",
        "put the {plant} on the outer row, the tall ones shade it otherwise",
        "harvest {plant} in the morning, it keeps {n} days longer in the fridge",
        "roll the {plant} in damp kitchen paper, then into a box, that gives you {n} more days",
        "sow {plant} every {n} weeks in two pods and you always have some for {dish}",
    ),
    (
        HowTo(
            "trimming {plant}",
            ("how far down do you trim {plant}", "when is {plant} tall enough for the first harvest"),
            (
                "never more than a third at a time, and always above a pair of leaves",
                "I wait for {n} pairs of leaves and snip above the second",
                "at {nn} cm or so, further down it takes weeks to come back",
            ),
        ),
        HowTo(
            "keeping {plant} after the harvest",
            ("what do you do with {grams} g of {plant} at once", "does anyone dry {plant} or do you freeze it"),
            (
                "freeze it in oil, dried {plant} tastes of hay",
                "{dish}, a big batch, and half of that into the freezer",
                "I hang it in the {place} for {n} days, upside down in a paper bag",
            ),
        ),
        HowTo(
            "light for {plant}",
            ("how many hours of light do you give {plant}", "does {plant} go next to mint in a {product} or apart"),
            (
                "fourteen hours here and the lamp at {nn} cm",
                "apart, mint takes over the tank with its roots",
                "sixteen while it's small, twelve once it's up at the hood",
            ),
        ),
        HowTo(
            "bolting {plant}",
            ("what keeps {plant} from flowering in week {n}", "is {plant} done once it flowers"),
            (
                "cooler nights, mine bolts above {temp2} degrees",
                "take the stalk off at the base, you get another {n} weeks out of it",
                "try shorter days, I went down to {lamp} hours",
            ),
        ),
    ),
    (
        "that {dish} looks [delicious|so good|amazing]",
        "[wow, |ooh, |]{cm} cm of {plant} already, great work",
        "now I'm hungry, lovely colour on that {plant}",
        "your {plant} looks gorgeous",
    ),
    (
        "which {plant} is that, the pod or your own seed",
        "how many pods of {plant} does it take for {dish}",
        "is that the {product} or the one with the tall hood",
        "what goes into the {dish} besides {plant}",
    ),
    ("#herbs", "#windowsillgarden", "#homecooking", "#kitchengarden"),
)

FRUIT = Topic(
    "fruit",
    "Tomatoes, chillies and berries",
    {
        "plant": (
            "cherry tomato",
            "dwarf tomato",
            "chilli",
            "jalapeño",
            "strawberry",
            "padrón pepper",
            "snack pepper",
            "habanero",
            "physalis",
            "mini cucumber",
            "alpine strawberry",
            "tomatillo",
            "lemon chilli",
            "micro tomato",
        ),
        "place": ("south window", "sunroom", "hallway", "spare room", "porch", "conservatory", "cellar"),
        "dish": ("salsa", "hot sauce", "jam", "pico de gallo", "gazpacho", "chilli oil", "shortcake", "pickles"),
    },
    (
        "first flower on the {plant} on day {nn}, {n} more buds behind it",
        "picked {grams} g from the {plant} in the {place}, that is {n} bowls since {month}",
        "pollinated the {plant} with a [brush|toothbrush|cotton bud] [this morning|at noon|on {weekday}]",
        "the {plant} is at {cm} cm, I took the side shoots off up to the third leaf pair",
        "count of the week: {nn} green ones, {n} red ones on the {plant}",
        "{plant} plant {n} goes into the {product}, the old one goes to the {place}",
        "raised the lamp to the last notch for the {plant}, {n} cm of room are left",
    ),
    (
        "the first {plant} off the {product} was sweet and perfect, we shared it in {n} pieces",
        "{nn} fruits on one {plant} in the {place} in {month}, I'm amazed",
        "my {plant} is loaded and so pretty, best year so far",
        "made {dish} from my own {plant} and I'm so proud of it",
        "the kids love picking the {plant} before breakfast, pure joy",
    ),
    (
        "all flowers and no fruit on the {plant} for {n} weeks, so frustrating",
        "blossom end rot on every {plant} again, I'm fed up",
        "the {plant} pods are a disappointment, {n} tiny fruits and then it died",
    ),
    (
        "tap the stem of the {plant} at noon while it's in flower, an electric toothbrush works too",
        "take the side shoots off the {plant} once a week or it fills the hood",
        "give the {plant} {lamp} hours of light until it flowers, then two fewer",
        "take the water down to {pct} percent once the {plant} turns colour, it tastes of more",
        "tie the {plant} to the light arm with soft wire every {n} cm",
        "one {plant} for each {n} pods of space, two in there shade each other",
        "calcium in week {n} keeps the black spots off the {plant}",
    ),
    (
        HowTo(
            "pollinating {plant} indoors",
            ("how do you pollinate a {plant} without bees around", "brush or toothbrush for the {plant} flowers"),
            (
                "toothbrush on the stem behind the flower, {n} seconds, around noon",
                "a hair dryer on cold for a minute a day did it for mine",
                "brush, and go back to the first flower at the end",
            ),
        ),
        HowTo(
            "pruning {plant}",
            ("do you pinch a {plant} in a {product}", "how many shoots do you keep on a {plant}"),
            (
                "one stem only, everything else comes off while it's small",
                "I pinch it {n} cm under the lamp and keep two shoots",
                "wait for the first fruit, then take the bottom leaves",
            ),
        ),
        HowTo(
            "feeding {plant}",
            ("which food do you use once the {plant} flowers", "how often do you feed a {plant} in summer"),
            (
                "bloom food from week {n}, the normal one gives leaves only",
                "each {n} days at half the dose on the label",
                "the blue bottle until it flowers, then the red one",
            ),
        ),
        HowTo(
            "saving {plant} seed",
            ("do seeds from a {plant} out of the pods give the same plant", "how long do you dry {plant} seeds"),
            (
                "the pods are hybrids in part, so half of mine came out different",
                "{n} days on a plate in the {place}, then a paper bag",
                "mine did for {n} rounds, same size and colour",
            ),
        ),
    ),
    (
        "[wow|whoa], {nn} on one plant is impressive",
        "that {plant} is a beauty, congrats",
        "save me a jar of that {dish}, looks delicious",
        "great harvest, I want that too",
    ),
    (
        "how old is the {plant} in the picture",
        "did you take the side shoots off the {plant} or let it go",
        "which food does the {plant} get now",
        "how hot is the {plant}, roughly",
    ),
    ("#chilliheads", "#indoortomatoes", "#growyourfood", "#windowsillgarden"),
)
