"""Two more communities: tinkering and classrooms."""

from jobs.demo.phrases.topics import HowTo, Topic

TINKER = Topic(
    "tinker",
    "Tinkering and API",
    {
        "plant": ("lettuce", "basil", "pak choi", "chilli", "spinach", "wheatgrass", "mizuna", "kale"),
        "place": ("workshop", "server cupboard", "basement", "lab", "garage", "study", "attic"),
        "gear": (
            "flow meter",
            "float switch",
            "light relay",
            "pump driver",
            "Root Sensor",
            "camera mount",
            "dosing pump",
            "water level probe",
            "paper display",
            "CO2 logger",
            "PAR meter",
            "valve controller",
        ),
        "tool": ("API", "webhook", "MQTT bridge", "local endpoint", "export script", "dashboard", "cron job"),
        "dish": ("salad", "stir fry", "sandwiches"),
    },
    (
        "wired a {gear} to the {product}, it reports to the {tool} every {nn} seconds",
        "printed a bracket for the {gear}, {n} mm walls, {grams} g of filament, files follow on {weekday}",
        "logged {nn} days of {gear} readings through the {tool}: the pump draws {n} watts, the lamp {nn}",
        "moved my {tool} from polling to events, {pct} percent less traffic on the {place} box",
        "rewrote the {tool} for the {gear} in {nn} lines, it runs on a board the size of a stamp",
        "the {product} in the {place} now tells me the tank level by {tool} at {hour} each morning",
        "measured the lamp at {nn} cm: {pct} percent of the middle at the edges, the {gear} is next",
    ),
    (
        "the {tool} is a joy to work with, {n} calls and my {gear} just worked",
        "so happy that Sillgrove keeps the {tool} open, respect for that",
        "great docs, I had the {gear} on the {tool} in an hour",
        "my {gear} build turned out beautiful and the {plant} loves it",
        "the new {tool} is fast and clean, excellent work by whoever made it",
    ),
    (
        "the {tool} returns an error on each third call since {weekday} and nobody replies, annoying",
        "you removed a field from the {tool} without notice and broke my {gear}, not cool, I'm angry",
        "rate limits on the {tool} are ridiculous, my {gear} dies after {nn} calls",
    ),
    (
        "put a diode across the {gear}, the pump throws {nn} volts back when it turns off",
        "poll the {tool} at second {nn}, everyone's cron fires on the full minute",
        "keep the {gear} above the tank line, condensation gets into the plug",
        "average {n} readings of the {gear} before you act on one",
        "the {tool} takes a since parameter, it takes the answer from {nn} kB to {n}",
        "shield the {gear} cable, the lamp dimmer adds noise at {nn} Hz",
        "log the raw counts of the {gear} too, calibration changes what you see later",
    ),
    (
        HowTo(
            "reading the {gear} over the {tool}",
            ("how do you read the {gear} over the {tool}", "which unit does the {tool} use for the {gear}"),
            (
                "it's in the second part of the answer, in tenths of a unit",
                "subscribe to the topic with the serial in it, the {gear} is field {n}",
                "raw counts, divide by {nn} and you get millilitres",
            ),
        ),
        HowTo(
            "rate limit of the {tool}",
            ("what is the rate limit of the {tool}", "how many calls a minute does the {tool} take"),
            (
                "{nn} a minute per garden, the header of the answer counts down",
                "I do one each {nn} seconds and never saw a 429",
                "cache it, the readings change each {n} minutes only",
            ),
        ),
        HowTo(
            "powering the {gear}",
            ("where do you take 5 volts for a {gear} in the {product}", "does the {product} supply carry a {gear} too"),
            (
                "the service port under the hood has it, {grams} mA at most",
                "its own supply, the lamp dips otherwise",
                "I measured {nn} mA for the {gear}, so it carries it with room left",
            ),
        ),
        HowTo(
            "running the {product} without cloud",
            ("does anyone run the {product} without the cloud", "is there a local mode for the {tool}"),
            (
                "firmware {n}.{version} and later answer on the local port without the cloud",
                "I shut it out at the router, schedule and pump go on",
                "half of it: readings are local, the light schedule is not yet",
            ),
        ),
    ),
    (
        "[neat|nice] build, love the {gear}",
        "that {gear} is brilliant, thanks for the write-up",
        "impressive, {nn} days of clean data",
        "very cool, I want one in my {place}",
    ),
    (
        "which board do you use for the {gear}",
        "are the files for the {gear} somewhere",
        "how do you power the {gear}",
        "does the {tool} still work for you after {n}.{version}",
    ),
    ("#homelab", "#maker", "#opendata", "#growlab"),
)

SCHOOL = Topic(
    "school",
    "Classrooms",
    {
        "plant": ("cress", "radish", "wheat", "mustard", "barley", "lettuce", "mizuna", "spinach"),
        "place": ("classroom", "science lab", "library corner", "corridor", "school kitchen", "staff room", "art room"),
        "class": (
            "year {n}",
            "the science club",
            "the eco committee",
            "my reading group",
            "the fifth class",
            "our biology course",
            "the after-school group",
            "grade {n}",
        ),
        "subject": (
            "photosynthesis",
            "fractions",
            "measuring",
            "data tables",
            "food miles",
            "the water cycle",
            "roots",
        ),
        "dish": ("class salad", "soup", "sandwiches"),
    },
    (
        "{class} measured {plant} today: {cm} cm on the {product}, {n} cm on the dark shelf",
        "lesson {n} with the {product}: {subject}, {nn} minutes, one worksheet",
        "{class} drew the curve of {plant} over {nn} days for {subject}",
        "we planted {plant} with {class} on {weekday}, {nn} pods, {nn} names on them",
        "two groups, two light colours, same {plant}: {class} writes the numbers on the wall by the {place}",
        "break plan for the {product} in the {place}: tank full on {weekday}, {n} families on the rota",
        "{class} took over the {product} in the {place}, timetable on the door",
    ),
    (
        "{class} cheered when {plant} came up, what a lovely moment",
        "best lesson on {subject} I gave in years, {class} loved it",
        "so proud of {class}, they explained {subject} to the inspector",
        "the Grove for Schools set is excellent, {class} begs to look after it",
        "a shy child in {class} is our best gardener now, that makes me so happy",
    ),
    (
        "the worksheets for {subject} are a mess, wrong numbers on page {n}, disappointing",
        "{class} was sad because {plant} died over the weekend, the tank is too small for us",
        "the school price went up by {pct} percent without a word, that's unfair",
    ),
    (
        "give each child in {class} one pod and a name stick, they count twice when it's theirs",
        "start {plant} on a Thursday, it's up when {class} comes back on Monday",
        "put a ruler on the back wall of the {product}, saves {n} minutes each lesson",
        "use {plant} for {subject}, it moves {n} cm between two lessons",
        "set the lamp to school hours, otherwise it lights a dark {place}",
        "one child waters, one reads, one writes: rotate each {n} days in {class}",
        "take a picture of {plant} at {hour} each day, {nn} of them make a film for {subject}",
    ),
    (
        HowTo(
            "the weeks without school",
            ("what do you do with the {product} over a {n} week break", "who looks after {plant} in the break"),
            (
                "families on a rota, {n} days each, it's the caretaker in August",
                "tank full and lamp down to {n} hours holds for {nn} days",
                "we eat all of it on the last day and start again in the new term",
            ),
        ),
        HowTo(
            "lessons on {subject}",
            ("which plant do you take for {subject}", "does anyone have a worksheet on {subject} for {class}"),
            (
                "{plant}, you see something on day {n}",
                "I put mine in the Classrooms folder, {n} pages, two levels",
                "make {class} write it, they measure from week one",
            ),
        ),
        HowTo(
            "how many pods for {class}",
            ("how many pods do you plan for {nn} children", "one {product} per class or per corridor"),
            (
                "one pod for two children, they talk more that way",
                "one in the {place} for all, with a timetable",
                "{nn} plus {n} spare ones, some never come up",
            ),
        ),
        HowTo(
            "paying for it",
            (
                "who paid for your {product}, the school or the parents' council",
                "is there an invoice on account for schools",
            ),
            (
                "parents' council here, a cake sale and a form",
                "invoice on account, {nn} days, ask the schools desk",
                "the town's climate fund took {pct} percent of it",
            ),
        ),
    ),
    (
        "what a lovely idea, {class} is lucky",
        "well done to {class}, great curve",
        "this makes me smile, thank you for sharing",
        "brilliant lesson, I'm borrowing it",
    ),
    (
        "how long did {plant} take with {class}",
        "do you have the worksheet for {subject} as a file",
        "how old are the children in {class}",
        "what was the light on the dark shelf",
    ),
    ("#edchat", "#stemclassroom", "#schoolgarden", "#teaching"),
)
