"""What goes wrong with the products of Sillgrove, how people put it, and what helps."""

from dataclasses import dataclass

Templates = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that goes wrong. ``says`` is what is seen, told plainly; ``moans`` what it does to people; ``tips``
    what other people advise; ``fixes`` what the team advises; ``did`` and ``cured`` how it ended, when it did."""

    key: str
    group: str
    label: str
    says: Templates
    asks: Templates
    moans: Templates
    tips: Templates
    fixes: Templates
    did: Templates
    cured: Templates


PUMP_NOISE = Problem(
    "pump_noise",
    "hardware",
    "[pump noise|humming pump|noise from the pump]",
    (
        "the pump [hums|buzzes|rattles] [louder|more] than it did [last month|when it was new|in spring]",
        (
            "there is a [deep|steady|faint] [hum|drone|rattle] from the pump [at night|every {nn} minutes|after "
            "the lights go off]"
        ),
        (
            "the pump on my {product} makes a [gargling|clicking|grinding] sound [whenever|when] the tank is [half "
            "full|under {pct} percent]"
        ),
        (
            "since [the refill|I moved it to the {place}|the last update] the pump [drones|buzzes] for {nn} "
            "minutes at a time"
        ),
    ),
    (
        "is a [humming|buzzing|rattling] pump [normal|expected|usual] after {n} months",
        "how do I [quieten|silence] the pump [at night|without opening the base]",
        "can the pump be [swapped|taken out] without draining the tank",
    ),
    (
        "it [wakes me up|keeps me awake] [every night|at {hour} in the morning] and I hate it",
        "it sounds like a [dying fridge|broken hairdryer|angry lawnmower] in the {place}",
        "a [horrible|terrible|dreadful] noise for something that sits in the {place}",
    ),
    (
        "check [that|whether] the feet sit flat, mine hummed [because of|on] the tiles",
        "take the intake filter out and rinse it, roots [get in there|wrap around it]",
        "fill it above the {pct} percent line, it draws air otherwise",
        "a [folded cloth|cork mat|silicone mat] under the base took most of the hum away for me",
    ),
    (
        "could you take out the intake filter, rinse it under warm water and run the pump for {n} minutes",
        "a hum usually means air in the line: fill the tank to the top mark and hold the pump button for {n} seconds",
        "in the app under Care you can set quiet hours, and if it still hums after that we send you another pump",
    ),
    ("rinsed the [intake filter|filter twice]", "filled it to the top mark", "put a cork mat under it"),
    ("it is quiet now", "the hum is gone", "I can't hear it from the {place} any more"),
)

LEAK = Problem(
    "leak",
    "hardware",
    "[leak|water under the base|puddle]",
    (
        "there is [a puddle|water] under my {product} [every morning|since {weekday}|after each refill]",
        (
            "the {product} drips from the [left corner|seam at the back|tank valve] [about {n} times an hour|when "
            "it's full]"
        ),
        "I [wiped up|found] [half a glass|a saucer] of water under the base [today|again on {weekday}]",
    ),
    (
        "is the valve [supposed to|meant to] click when the tank goes in",
        "where do I get [a seal|an o-ring] for the tank",
        "does the tank have to be dry before I [reseat|swap] the valve",
    ),
    (
        "it [ruined|damaged] the [shelf|floor|windowsill|worktop] and that makes me angry",
        "my [floor|shelf] is [ruined|warped] and I am furious",
        "I mop the floor [every day|twice a day] because of this rubbish valve",
    ),
    (
        "the valve seal dries out, [a bit of|some] silicone grease and push until it clicks",
        "mine dripped until I turned the tank a quarter and pushed it all the way down",
        "wipe the rim before you put the tank back, one seed husk is enough to make it drip",
    ),
    (
        "please unplug it, lift the tank and look whether the grey seal sits flat in its groove",
        "press the tank down until you hear two clicks, then leave it on kitchen paper for an hour",
        "send us a photo of the valve in a message and we post you a new seal [today|tomorrow], free of charge",
    ),
    ("reseated the seal", "put the new seal in", "pushed the tank until it clicked twice"),
    ("it's dry underneath", "no more drips since {weekday}", "not a drop on the paper"),
)

LIGHT = Problem(
    "light_schedule",
    "hardware",
    "[light schedule|lights at night|lamp timing]",
    (
        (
            "the lights on my {product} come on at {hour} [in the morning|at night] [although|even though] the "
            "schedule says {hour}"
        ),
        "the lamp [flickers|blinks] [for {n} minutes|a few times] before it [settles|turns on]",
        "after the [clock change|update] the light schedule is [an hour|{n} hours] off",
        "one of the two light rows [stays dark|is dimmer than the other] since {weekday}",
    ),
    (
        "can I set [different|separate] light hours for [weekends|each side]",
        "how do I move the light schedule [by half an hour|without the app]",
        "is there a way to dim the lamp to {pct} percent [in the evening|from the app]",
    ),
    (
        "my {place} glows like a [spaceship|nightclub|petrol station] at {hour} at night and I hate it",
        "nobody here can sleep and it's [really annoying|driving me mad]",
        "the seedlings look [awful|terrible|sick] because of it",
    ),
    (
        "delete the schedule and make it again, the old one sticks after a clock change",
        "hold the light button for {n} seconds, that resets the times",
        "mine flickered until I pushed the ribbon cable under the hood back in",
    ),
    (
        "open Light in the app, delete the schedule and add it again: that sets the clock of your garden too",
        "hold the light button for ten seconds until it blinks twice, then set the hours again",
        "a row that stays dark is the driver board, so send us your serial number and we post one",
    ),
    ("made the schedule again", "held the button for ten seconds", "pushed the cable back in"),
    ("it follows the schedule now", "the lights come on at {hour} as set", "both rows are lit"),
)

WIFI = Problem(
    "wifi",
    "app",
    "[wifi pairing|connection to the app|wifi]",
    (
        (
            "my {product} shows as not connected [in the app|on the phone] [every morning|since {weekday}|after a "
            "router restart]"
        ),
        "pairing [stays|hangs] at {pct} percent [on the second screen|each time]",
        "the {product} does not come back on the wifi after I changed the [router|provider|password]",
    ),
    (
        "does it need a 2.4 GHz network or [is 5 GHz enough|does a mesh work]",
        "how do I move my {product} to [another|a different] wifi network",
        "does the garden keep its schedule while the wifi is out",
    ),
    (
        "I [wasted|lost] my whole [evening|Sunday|lunch break] on this stupid pairing screen",
        "it's the worst setup of any gadget in this house",
        "pairing it [for the [third|fourth|tenth] time|again and again] is a joke",
    ),
    (
        "switch the 5 GHz band off while you pair, you can turn it on afterwards",
        "hold the leaf button until it blinks blue, then remove the network on the phone first",
        "give it a fixed address in the router, mine has stayed online since",
    ),
    (
        "hold the leaf button for {n} seconds until it blinks blue, then choose Add garden again in the app",
        "your garden needs the 2.4 GHz band: some routers show both under one name, and a guest network helps there",
        "the schedule runs in the garden itself, so your plants get light and water while it is offline",
    ),
    ("turned the 5 GHz band off", "held the leaf button until it blinked", "gave it a fixed address"),
    ("it has been online since", "it paired in a minute", "it shows up in the app again"),
)

APP = Problem(
    "app_crash",
    "app",
    "[app closing by itself|app screen that stays white|app since the update]",
    (
        (
            "the app closes [by itself|right away] when I open [the schedule|the harvest diary|notifications] "
            "since version {n}.{version}"
        ),
        "the [schedule|diary|camera] screen stays white [on my tablet|on an older phone|since {weekday}]",
        "the app [logs me out|forgets my plants|shows last week's readings] [every day|after a restart]",
    ),
    (
        "which version of the app works with [a tablet|an older phone]",
        "how do I get my plant diary [onto a new phone|out of the app]",
        "can two people use the same garden in the app",
    ),
    (
        "the new app is [terrible|awful|a mess|garbage], the old one just worked",
        "it is [embarrassing|ridiculous] that an update makes everything worse",
        "it crashes so often that I gave up on it",
    ),
    (
        "delete the cache and sign in again, that brought my diary back",
        "turn off battery saving for the app, it gets closed otherwise",
        "take the app off the phone and install it again, the garden keeps its settings",
    ),
    (
        "version {n}.{version} is in the stores [now|since this morning]: could you update and tell us what you see",
        "sign out, sign in and wait a minute until the diary has come down from the server",
        "invite the second person under Settings, Household, then both of you see the same garden",
    ),
    ("installed the app again", "cleared the cache", "updated to {n}.{version}"),
    ("the diary is back", "it opens again", "all my plants are there"),
)

SENSOR = Problem(
    "sensor_readings",
    "hardware",
    "[sensor readings|Root Sensor numbers|moisture reading]",
    (
        "the Root Sensor reads {pct} percent [while|although] the [wool|sponge|soil] is [soaked|bone dry]",
        "my sensor jumps [from {nn} to {pct} percent|by {nn} points] [overnight|within an hour]",
        "the water level in the app says {pct} percent and the tank is [nearly out|full to the brim]",
    ),
    (
        "how often does the Root Sensor need calibrating",
        "can the sensor go [in the corner pod|next to the pump|in normal soil]",
        "how deep does the sensor go",
    ),
    (
        "these readings are [useless|rubbish|worthless] and my {plant} suffers for it",
        "I killed a [whole tray|good plant] because I trusted that useless number",
        "what a waste of {nn} euro",
    ),
    (
        "calibrate it dry first and wet second, the app asks in the other order and that gives other readings",
        "the tips need to be covered, an extra [centimetre|bit] deeper and mine settled",
        "wipe the contacts with vinegar, mine had a white crust on them",
    ),
    (
        "open Sensor, Calibrate in the app: first in air, then in a glass of water up to the line",
        "if the reading still jumps, wipe the contacts with a little vinegar and wait for {n} hours",
        "the level float sticks at times, so tap the tank on the left and see whether the number moves",
    ),
    ("calibrated it dry and wet", "wiped the contacts", "pushed it a bit deeper"),
    ("the numbers make sense again", "it stays within {n} points now", "the level matches the tank"),
)

MOULD = Problem(
    "mould",
    "growing",
    "[white fuzz on the pods|fuzz on the pods|mould]",
    (
        "[there is|I have] white fuzz on [two|three|most] of the pods {n} days after planting",
        "the caps of the {plant} pods turned [green|white and furry] [this week|over the weekend]",
        "a [white|dark] film grows on the [wool|pods] under the {plant}",
    ),
    (
        "is the white fuzz on the pods [normal|roots or mould]",
        "do I scrape the fuzz off or [wait|start over]",
        "how much air do the pods need in the first week",
    ),
    (
        "it [looks|smells] disgusting",
        "I threw the [whole|entire] pack out, what a waste",
        "it's gross and I don't want to eat any of it",
    ),
    (
        "take the domes off for an hour a day, mine was gone by the weekend",
        "an open window for an hour does more than any spray",
        "scrape it with a spoon and dust [a pinch of|some] cinnamon on it",
    ),
    (
        "white threads in the first week are mostly roots: take the domes off for an hour a day and let the tops dry",
        "lower the water to {pct} percent for {n} days and lift the domes, and if it spreads we replace the pack",
    ),
    ("took the domes off", "scraped it and ran a fan", "lowered the water"),
    ("the fuzz is gone", "the tops are dry and green", "nothing has come back since"),
)

GERMINATION = Problem(
    "germination",
    "pods",
    "[pods that did not sprout|germination|slow pods]",
    (
        "{n} of my {plant} pods [have not sprouted|show nothing] after {nn} days",
        "nothing has come up in the [back row|left side|{plant} pods] since I planted on {weekday}",
        "[only {n} of {nn}|half of the] pods in this pack came up",
    ),
    (
        "how long does {plant} take to come up",
        "do I wait another week or [plant again|open a new pack]",
        "do the pods go off after [a year|the date on the box]",
    ),
    (
        "that's {n} weeks [wasted|lost] for nothing",
        "I'm so disappointed, the box promised {n} days",
        "dead pods, again, from a pack that costs {nn} euro",
    ),
    (
        "{plant} is slow, mine took {nn} days and then they all came at once",
        "poke a hole in the lid with a toothpick, at times the paper is too thick",
        "heat before light, put it [near the radiator|on the fridge] for a few days",
    ),
    (
        "{plant} can take up to {nn} days: keep the domes on and the room above 20 degrees",
        "pods that stay empty after three weeks are on us, so send the code from the lid and we post new ones",
    ),
    ("put it near the radiator", "waited another week", "planted the replacement pods"),
    ("they came up on {weekday}", "{n} of them are up now", "all of them sprouted"),
)

ALGAE = Problem(
    "algae",
    "growing",
    "[green water|algae in the tank|smell of the water]",
    (
        "the water in the tank [turned green|is slimy|smells of pond] after {n} weeks",
        "there is a green film [in the tank|on the float|around the pods]",
        "the tank smells [swampy|of old socks] [a week|{n} days] after each refill",
    ),
    (
        "what do you use to wash the tank",
        "do you put [vinegar|peroxide] in the tank with the {plant}",
        "how often do you change all of the water",
    ),
    (
        "the whole {place} stinks, it's disgusting",
        "it smells [awful|foul|horrible] and guests notice",
        "cleaning slime every week is a nightmare",
    ),
    (
        "cover the spare holes, light in the tank is what makes it green",
        "I scrub it with bicarbonate [once a month|between packs] and it stays that way",
        "change the water [every second week|every {nn} days], topping up is not enough",
    ),
    (
        "cover the unused holes with the black caps and wash the tank with a spoon of bicarbonate between packs",
        "empty the tank, wipe it out with diluted vinegar, rinse twice and refill with fresh plant food",
    ),
    ("put the black caps on", "scrubbed the tank", "changed all of the water"),
    ("the water has stayed clear for {n} weeks", "the smell is gone", "no more green film"),
)

GNATS = Problem(
    "gnats",
    "growing",
    "[fungus gnats|little flies|gnats]",
    (
        "little black flies [come out of|live in] the {plant} pods since {weekday}",
        "I count {nn} gnats on the [window|yellow card] [each day|this morning]",
        "the {place} has tiny flies since I [brought home|planted] the {plant}",
    ),
    (
        "do yellow cards work on gnats [indoors|in a {product}]",
        "do nematodes go into the tank",
        "do the flies eat the {plant} or are they only [in the way|around]",
    ),
    (
        "they fly into my coffee and it's disgusting",
        "I am sick of these horrible flies",
        "we have flies in the kitchen, I'm so angry",
    ),
    (
        "nematodes in the tank and yellow cards above, [gone|over] in {n} weeks",
        "let the surface dry out, they lay eggs in wet wool only",
        "a layer of sand on the pods ended it here",
    ),
    (
        "let the tops of the pods dry for {n} days and put a yellow card next to the lamp",
        "nematodes go in through the refill hole and do nothing to the plants or the pump",
    ),
    ("put sand on top", "used nematodes", "let the tops dry"),
    ("I have not seen one since {weekday}", "the card stays empty", "the flies are gone"),
)

ALL = (PUMP_NOISE, LEAK, LIGHT, WIFI, APP, SENSOR, MOULD, GERMINATION, ALGAE, GNATS)
