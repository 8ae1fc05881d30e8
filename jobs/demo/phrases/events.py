"""What is said on the special days: the outage, the campaign and its mockery; reviews, check-ins and comments."""

Templates = tuple[str, ...]

OUTAGE_SEEN: Templates = (
    "all [three|{n}] of my gardens are offline since {hour} this morning",
    "the cloud is down and the pump in the {place} has not run for {n} hours",
    "app says 'cannot reach your garden', lights are [off|stuck on] since {hour}",
    "the Sillgrove servers are out, the {product} does nothing without them",
    "outage since {hour}, [no water, no light|no schedule], {plant} hanging its head",
    "login fails, status page fails, the {product} in the {place} stays dark",
    "your outage turned off the lamp for {nn} pods of {plant}",
    "{n} hours of outage and the {plant} is [dry|limp|hanging]",
    "because of the outage the pump in the {place} ran {n} hours without a stop",
    "the {product} blinks red, the app spins, the outage is in hour {n}",
)

OUTAGE_ANGER: Templates = (
    "a planter that [dies|fails] when a server does is a [bad|terrible|stupid] design",
    "I'm [furious|so angry|really upset], {nn} days of work on the {plant} [lost|ruined]",
    "[unacceptable|ridiculous|pathetic], and no word from you",
    "this outage [killed|ruined] my {plant}, who pays for that",
    "what a disaster, {class} will be in tears tomorrow",
    "worst day with Sillgrove since I bought the {product}",
    "[terrible|awful] communication, nobody says when it's back",
    "I trusted this thing and it failed me, I want my money back",
    "{team} is angry, the whole {place} smells of dead {plant}",
    "why does watering need the cloud at all, [dumb|stupid|insane] idea",
    "shame on you, the Club charge worked without any trouble at {hour}",
    "this is a mess and I hate that I depend on it",
)

OUTAGE_PLAIN: Templates = (
    "is the outage only in {city} or everywhere?",
    "outage check: {product}, firmware {n}.{version}, dark since {hour}",
    "pump without the app: hold the button for {n} seconds, it runs without the cloud",
    "status of the outage at {hour}: lights on, pump off, app off",
    "back online in {city} at {hour}, first pump run in {nn} minutes",
    "which of you got a mail on the outage? nothing in {city} so far",
)

OUTAGE_REPLIES: Templates = (
    "same in {city}, offline since {hour}, [awful|so annoying|terrible]",
    "offline here too, my {plant} is [dying|ruined|limp and sad]",
    "third {product} in this street that is down, [unbelievable|what a mess]",
    "and no answer from support, [ridiculous|shame]",
    "{nn} pods of {plant} lost here, I'm angry as well",
    "mine came back for {n} minutes, then down again, [hate it|the {plant} is dying|what a mess]",
    "I water {plant} by hand now like an idiot, thanks for nothing",
)

OUTAGE_TEAM: Templates = (
    (
        "Hi {name}, our cloud has been down since {hour}. Hold the pump button [of the {product}|under the hood] "
        "for {n} seconds to water {plant} by hand; [we write here each hour|next news at {hour}|{colleague} is on "
        "it]."
    ),
    (
        "{name}, we see it and are on it: the outage hits gardens in [all regions|{city} and elsewhere|most of "
        "Europe]. Lights [of the {product}|over the {plant}] can be set at the hood until [we are back|{hour}]."
    ),
    (
        "Sorry {name}. The outage is [ours, not yours|our fault]. Water [the {plant}|the {product}|both rows] by "
        "hand for now, and [plants|{plant}|pods] that did not make it [are replaced|come new in {month}]."
    ),
    (
        "Hi {name}, the pumps are coming back region by region, {city} in about {nn} minutes. [We are sorry for "
        "the mess|Sorry for your {plant}|{colleague} watches the {product} list]."
    ),
    (
        "{name}, the cause is found: a certificate ran out at {hour}. Your {product} should answer again within "
        "{nn} minutes."
    ),
)

CAMPAIGN: Templates = (
    "{dish} from the {place}, {n} steps from sill to plate. [lovely|so tasty|delicious]",
    "day {n}: {grams} g of {plant}, and it tasted [great|wonderful|amazing]",
    "my entry: {plant}, {product}, {city}. so proud of it",
    "{plant} to {dish} in {nn} minutes, [happy|delighted|love it]",
    "from the {place} to the table with {kin}, what a [nice|lovely|great] evening",
    "picked {plant} at {hour}, ate {dish} at noon. [perfect|brilliant|yum]",
    "week {n} of the challenge, the {plant} is beautiful",
    "joined with {n} pods of {plant} in {city}, fun so far",
)

CAMPAIGN_PLAIN: Templates = (
    "entry {n}: {plant} at {cm} cm in the {place}",
    "who else is in from {city}? {plant}, {n} pods",
    "{grams} g of {plant} on the scale, {dish} on {weekday}",
    "picture {nn} of the series: {place}, {plant}, {hour} o'clock",
)

MOCKERY: Templates = (
    "{nn} euro of pods, {n} sad leaves of {plant}. what a joke",
    "from sill to bin: my {plant} died on day {n}. terrible product, great advert",
    "here is my harvest. it's mould. disgusting, bon appétit",
    "step one buy a {product}, step two wait {nn} days, step three cry over dead {plant}",
    "{dish} for one ant, {n} weeks of work. pathetic",
    "my {plant} after the 'smart' watering: dead, dry, ridiculous",
    "the only thing that grew in the {place} is my anger. and the bill",
    "recipe: take {nn} euro, burn it, garnish with one ugly leaf of {plant}",
    "proudly ruined by Sillgrove: {n} pods of {plant}, all dead",
    "sill to landfill, {nn} plastic pods a year, shame on them",
    "day {n} of starving next to my {product}. worst diet ever, awful",
    "supermarket {plant} costs two euro and is alive. mine is dead and cost {nn}. stupid me",
    "they asked for pictures of dinner: a [dead|rotten|miserable] {plant} on an empty plate, enjoy the horror",
    "this tag is a lie, nobody eats from that {place}, what a scam",
)

MOCK_REPLIES: Templates = (
    "haha, mine is worse: {n} weeks and a dead {plant} in the {place}",
    "{n} leaves, {n} weeks, and they call it dinner, pathetic",
    "my {plant} drowned in the {place}, the {product} called it smart. stupid thing",
    "the saddest {dish} I ever saw, hilarious and terrible",
    "is that mould or {plant}? ugly either way, lol",
    "we should send them {nn} of these awful pictures",
    "stop, I choke on my {n} leaves, so bad",
)

REVIEWS_GLAD: Templates = (
    "{n} months with the {product}. {praise}. {glad}",
    "bought the {product} in {colour} for the {place}. {glad}. {plain}",
    "{praise}. {glad}. delivery took {n} days",
    "as a present for {kin}: {glad}. {praise}",
    "set up in {nn} minutes. {praise}. {glad}",
)

REVIEWS_CROSS: Templates = (
    "{n} months with the {product}. {say}. {cross}",
    "{say}. {moan}. {cross}",
    "the {colour} {product} for the {place}: {say}. {cross}",
    "wanted to like it. {say}, {moan}. {cross}",
)

REVIEWS_PLAIN: Templates = (
    "does what the box says. {plain}. {say}",
    "{product} in {colour}, {place}. {plain}. {update}",
    "half a year: {update}. {plain}",
)

CHECK_INS: Templates = (
    "at {spot}, {nn} kinds of {plant} on the table",
    "{weekday} morning at {spot}, the {product} is on show, [long queue|two questions a minute|{nn} people around it]",
    "seed swap at {spot}, gave {plant}, got {n} bags",
    "found the {product} at {spot}, {nn} euro, in {colour}",
    "workshop on {plant} at {spot}, {nn} of us, [muddy sleeves|soil everywhere]",
    "waiting for {kin} at {spot} next to a wall of {plant}",
)

BOT_FACTS: Templates = (
    (
        "Plant fact {order}: {plant} wants {lamp} hours of light in {month} and {pct} percent humidity. More facts "
        "on {weekday}."
    ),
    "Did you know? {plant} reaches {cm} cm in {n} weeks under a lamp at {nn} cm. Fact {order}.",
    "Fact {order} for {city}: sow {plant} in {month}, water at {hour}, harvest after {nn} days.",
)

BOT_PRICES: Templates = (
    "Price watch: {product} in {colour} {nn} EUR below list at a shop in {city}. Checked {weekday} {hour}:{nn}.",
    "Price watch: {plant} pods, pack of {n}, {nn} EUR at a shop in {city}, stock {pct}.",
    "Price watch: {rival} kit with {n} pods down {pct} percent, {city}, until {weekday}.",
)

CSAT_GLAD: Templates = (
    "quick and friendly, the {label} is solved",
    "great help with the {label}",
    "{name} knew what to do",
    "answered within {nn} minutes, thank you",
)
CSAT_CROSS: Templates = (
    "took {n} days for the {label}, too slow",
    "still have the {label}",
    "a standard reply, no help with the {label}",
    "had to ask {n} times",
)
NPS_GLAD: Templates = (
    "fresh {plant} in {month}, I tell everybody",
    "lovely product, kind team",
    "the {product} just works, great",
    "the Club packs are a joy",
)
NPS_CROSS: Templates = (
    "pods are too expensive",
    "too much trouble with the {label}",
    "the app is bad",
    "support did not answer me in {month}",
)
