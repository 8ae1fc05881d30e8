"""How people open, colour and close what they write, whatever it is about."""

Templates = tuple[str, ...]

OPENERS: Templates = (
    "so",
    "so then",
    "[small|quick|short] update",
    "quick one",
    "[news|update|report] from the {place}",
    "{weekday} [report|news|notes]",
    "for the record",
    "note to self",
    "since [somebody|{kin}] asked",
    "back from {n} days away",
    "coffee here, phone there",
    "this may belong elsewhere, but",
    "[first|second|third] post here",
    "after {n} [weeks|months] with the {product}",
    "{weekday} in {city}",
    "from {city}",
    "month {n} with the {product}",
    "late, but here it is",
    "a word from the {place}",
    "between two meetings",
    "on the train to {city}",
    "kids are asleep, so",
    "while the kettle boils",
    "as I told {kin}",
    "to close the thread from {weekday}",
    "typing this next to the {product}",
    "day {n} away from home",
    "I keep a list, so",
    "pod {n}, row {n}",
    "by request of {kin}",
)

GLAD: Templates = (
    "[honestly the|the] best [thing I bought|money I spent] [this year|for the {place}|in ages]",
    "[really|very|so|properly] [happy|pleased|impressed] with [it|the {product}|how this turned out|the result]",
    (
        "I [really |]love [how quiet it is|the light on grey mornings|coming home to this|how little I have to "
        "do|the {product}]"
    ),
    (
        "my [partner|flatmate|neighbour|sister|daughter|dad|boss] is [impressed|delighted|in love with it|a fan] "
        "[already|now|too]"
    ),
    "[happiest|best|loveliest] [surprise|moment|part] of my [week|morning|{weekday}|month]",
    "I'd [happily|gladly] recommend the {product} to [anyone|friends|beginners|my sister|anyone with a dark flat]",
    "worth every cent",
    "money well spent, I'm delighted",
    "[great|brilliant|lovely|excellent|wonderful] [work|stuff|product|idea], [Sillgrove|all of you|dear team]",
    "it makes me smile [every time I walk past|each morning|at breakfast|on dark days]",
    "[so happy|happy and proud|really pleased] [with it|with the {product}|so far|after {n} months]",
    "this {product} is a [delight|treasure|joy|beauty]",
    "[thank you|thanks so much|big thanks], [Sillgrove|whoever designed this|everyone who gave advice]",
    "what a [joy|treat|delight|beautiful thing|success]",
    "I'm [in love|thrilled|over the moon and happy|so proud]",
    "it's [fantastic|brilliant|awesome|amazing|superb] and I don't say that [often|lightly]",
    "[easily|by far] the best [decision|buy|gift] of {month}",
    "it feels [great|wonderful|good] to eat something I grew in the {place}",
    "[five|ten] [great|happy] stars from [me|us|the whole {place}]",
    "[Sillgrove|you] made {n} people [in this house|here] very happy",
)

CROSS: Templates = (
    (
        "[really|very|so|pretty] [disappointed|annoyed|frustrated|fed up] [with the {product}|with this|by now|to "
        "be honest]"
    ),
    "that's [terrible|awful|poor|pathetic] for a {nn} euro [thing|device|gadget]",
    "I'm [losing patience|about to give up|sick of it|tired of this]",
    "what a [mess|shame|disappointment|joke|waste of money|let-down]",
    "[awful|terrible|poor|horrible] [experience|service|quality] [so far|this time|from start to finish]",
    (
        "it's [ridiculous|unacceptable|infuriating|a pain|embarrassing] that [I have to chase this|nobody "
        "replies|it fails again]"
    ),
    "worst [purchase|buy|decision] of [the year|{month}|my {place}]",
    "now I [regret buying it|regret the upgrade|am angry that I renewed the Club]",
    "[Sillgrove|you] used to be better than this, sad",
    "I [am done|am so done] with [the {product}|this rubbish]",
    "would not recommend, [sadly|it's bad|avoid]",
    "one star, [and that is generous|because zero is not possible], terrible",
    "the {rival} next door [has no such trouble|never failed like that], I feel stupid",
    "[second|third|fourth] time this [month|year], [unbelievable|I'm angry|that hurts]",
    "nobody at [Sillgrove|support] seems to care and that makes it worse",
    "it's the [stupid|dumb|annoying] kind of fault that [ruins|kills] the fun",
    "I'm [angry|upset|furious|bitter] and I want [my money back|an answer|a replacement]",
    "no joy at all, only [trouble|stress|frustration]",
)

TRIED: Templates = (
    "I unplugged it for {nn} minutes already",
    "already [cleaned the tank|restarted the app|changed the socket|read the manual|refilled it]",
    "tried it [twice|{n} times] with [another phone|the other socket|new water|the lid off]",
    "the manual has [two lines|half a page|one picture] on that",
    "it started [on {weekday}|after the last refill|{n} days ago|when I moved it to the {place}]",
    "serial ends in {order}",
    "bought [in {month}|{n} months ago] in your shop",
    "the {product} next to it does not do that",
    "I searched the forum and found a thread from {month} without an answer",
    "it's the {product}, {n} months in use",
    "{kin} has the same model and sees it too",
    "happens [once|twice|{n} times] a day, mostly around {hour}",
)

TRIED_SERVICE: Templates = (
    "I wrote on {weekday} already",
    "order {order}, in case",
    "the mail of {weekday} says something else",
    "the chat told me to wait [until {weekday}|for {n} days|another week]",
    "called [twice|{n} times], [line busy|music only|{nn} minutes of music]",
    "paid by card on {weekday}",
    "delivery to {city}, by the way",
    "I have screenshots",
    "ordered [in {month}|on {weekday}], {n} items",
    "I have the receipt from {month} here",
    "the form on the site asks for a code that I don't have",
)

ASKING: Templates = (
    "any ideas?",
    "anyone else?",
    "how do you handle that?",
    "where do I start?",
    "who knows?",
    "what am I doing differently?",
    "has anyone seen that before?",
    "what would you check first?",
    "does that ring a bell with anyone?",
    "what now?",
    "{product} people, what do you say?",
)

ASKING_HOW: Templates = (
    "any ideas?",
    "who knows?",
    "how do you do it?",
    "what do you use?",
    "what is it at your place?",
    "how is that done in {city}?",
    "{kin} says one thing, {paper} another",
    "asking before {weekday}",
    "I have {n} days to decide",
    "numbers, if you have some",
)

CROSS_DEVICE: Templates = (
    *CROSS,
    "my {plant} [is dying|died|looks awful|suffers] [because of this|and nobody seems to care]",
    "I hate [having to check it all the time|that I need to restart it every morning|babysitting a machine]",
    "the {plant} pays for it, [sad|poor thing|I could cry]",
    "[broken|bad] again after {n} [days|weeks], the {product} is [junk|a lemon|rubbish]",
)

QUESTION_FRAMES: Templates = (
    "question about my {product}: {ask}?",
    "{ask}?",
    "{say}. {ask}?",
    "{say}, so {ask}?",
    "one for the {product} owners: {ask}?",
    "asking for {kin}: {ask}?",
    "new here with a {product}. {ask}?",
    "{say}. {tried}. {ask}?",
    "before I take it apart: {ask}?",
    "short question from {city}: {ask}?",
    "{ask}? {say}",
    "{say}. {asking}",
)

COMPLAINT_FRAMES: Templates = (
    "{say}. {moan}",
    "{say}, and {moan}",
    "{moan}. {say}",
    "{say}. {tried}. {moan}",
    "again: {say}. {moan}",
    "{weekday}, {hour} o'clock: {say}. {moan}",
    "{n} [weeks|months] in and {say}. {moan}",
    "dear Sillgrove, {say}. {moan}",
    "so {say}, and {moan}. {tried}",
    "{say}. {tried}. {moan}. {cross}",
)

#: Meant badly, said nicely: what a scorer of words gets wrong.
SARCASM: Templates = (
    "[great|wonderful|brilliant|lovely], {say}. [thanks a lot|well done|nice work], Sillgrove",
    "love it: {say}. [perfect|superb|exactly what I wished for] for a {euro} euro device",
    "oh joy, {say}. best {weekday} ever",
    "{say}. what a treat, really, [10 out of 10|applause|bravo]",
    "[congratulations|hats off] to whoever planned this: {say}. so smart",
    "{say}. I'm sure that is a [feature|surprise gift|wellness programme], thank you",
)

TIP_FRAMES: Templates = (
    "tip from the {place}: {tip}",
    "{tip}",
    "learned this in {month}: {tip}",
    "for everyone with a {product}: {tip}",
    "what I do now: {tip}",
    "after {n} rounds of {plant}: {tip}",
    "note for beginners: {tip}",
    "{tip}. {plain}",
    "what nobody told me in {month}: {tip}",
    "{n} months of {plant} in one line: {tip}",
    "{opener}: {tip}",
)

IDEAS: Templates = (
    "the app could [show|plot] the [water|light] used by each {plant} pod",
    "a [mini|half size] tank for the {product} so that it fits the {place}",
    "a vacation mode that halves light and water for {n} weeks",
    "a pod pack with [mixed greens|only {plant}|seeds to fill yourself]",
    "a quiet mode from {hour} to {hour}",
    "refill pods that one can fill with own {plant} seed",
    "a widget with the tank level of the {place} and the {place2}",
    "one calendar for {n} people who look after one {product}",
    "a {colour} version of the {product}",
    "a text message when the tank is below {pct} percent",
    "a way to export the {plant} diary as a table",
    "swap days where people from {city} trade {plant}",
    "a longer cable, {n} metres, for the {place}",
    "a clip for the Root Sensor that fits [thick|thin] {plant} stems",
    "points in the Club for [used pods sent back|every {nn} harvests]",
    "a sunrise light curve, {nn} minutes long",
)

IDEA_FRAMES: Templates = (
    "idea: {idea}",
    "feature request for the {product}: {idea}",
    "what about {idea}?",
    "I keep thinking about {idea}. {plain}",
    "would anybody else use {idea}?",
    "[vote|up] if you need this too: {idea}",
    "one for the product people: {idea}",
    "Sillgrove, how about {idea}? {plain}",
)

COMPARE_GOOD: Templates = (
    "had a {rival} for {n} months, the Sillgrove {product} is [so much better|a joy next to it|far better]",
    "switched from {rival} to the {product} in {month} and I'm happy: quieter, [brighter|prettier], great app",
    "{rival} vs {product} after {nn} days: my {plant} clearly loves the {product}, [easy win|no contest, great job]",
    "friends own a {rival}, I own a {product}. mine is the nice one, [wonderful light|and it's not close]",
)

COMPARE_BAD: Templates = (
    (
        "the {rival} of {kin} costs {nn} euro less than the {product} and [does not fail|grows {plant}|is quiet], "
        "I feel cheated"
    ),
    (
        "{rival} answers [a question on {plant}|in {city}|me] in {n} minutes, Sillgrove takes {n} days. poor "
        "[show|service]"
    ),
    "sold the {product}, bought a {rival}. {label} was the last straw, what a disappointment",
    "{n} months {product}, {n} months {rival}: sadly Sillgrove loses [on {plant}|here], bad [pump|lamp], worse app",
)

COMPARE_EVEN: Templates = (
    "{rival} or Sillgrove for a {place}? I look at the {product} and the one with {n} pods",
    "measured both: {rival} draws {nn} watts, the {product} {nn}. {plant} at {cm} cm in each",
    "the {rival} tank holds {n} litres, the {product} one {n}. {plain}",
    "side by side in the {place}, day {nn}: {rival} left, {product} right, both with {plant}",
    "has anyone moved [pods|{plant}] from a {rival} to a {product}? the holes look {n} mm apart",
)

RIVAL_TALK_BAD: Templates = (
    (
        "my {rival} [stopped working|died] after {n} months [with {plant} in it|in the {place}|and one move] and "
        "[support|the shop] is [useless|terrible|rude]"
    ),
    (
        "{rival} raised [prices|the price of {plant} pods|shipping to {city}] by {pct} percent again, [what a "
        "rip-off|greedy and bad|shame on them]"
    ),
    "the {rival} app is [awful|a mess|broken] since {version}.{n}, {plant} looks sad",
    (
        "{rival} sent the wrong [pods|{plant}|colour] [twice|{n} times] [since {month}|to {city}|this month], I'm "
        "[annoyed|so disappointed|angry]"
    ),
)

RIVAL_TALK_GOOD: Templates = (
    "the new {rival} lamp is [lovely|great], my {plant} grew {cm} cm in {n} weeks",
    "{rival} support was [kind and quick|excellent|super helpful] today",
    "happy with my {rival}, [great|beautiful] {plant} on day {nn}",
    "{rival} [surprised me with a free pack of {plant}|sent a lovely card to {city}], nice people",
)

RIVAL_TALK_EVEN: Templates = (
    "{rival} opens a shop in {city} on {weekday}",
    "day {nn} with the {rival}: {plant} at {cm} cm in the {place}",
    "does the {rival} with {n} pods [run on {nn} volts|go under a shelf of {nn} cm|take {plant} of {cm} cm]?",
    "which {rival} pods do you use for {plant}?",
    "{rival} moved the pod packs to a {nn} day cycle, from {month} on",
)

LINK_FRAMES: Templates = (
    "reading about {plant} in {paper}, page {n} is on the {product}",
    "{paper} tested {n} indoor gardens, the {product} came in at {n} of {nn}",
    "a podcast on {place} gardens, {nn} minutes, the part on {plant} starts at {nn}",
    "talk in {city} on {weekday} about {plant} under lamps, {nn} seats",
    "somebody counted the cost of {plant} per gram: {nn} cents from the {product}, {nn} in the shop",
)

HELLOS: Templates = (
    "hi all, {kin2} from {city}, {product} since {month}, {plant} in the {place}",
    "new member, {n} pods of {plant}, a {product} from {kin}",
    "introducing myself: {city}, {product}, {n} rounds of {plant} so far",
    "hello from {city}. {product} on the {place}, {plant} on day {n}",
)

PAPERS: Templates = (
    "the weekend paper",
    "the Sunday magazine",
    "a consumer test",
    "a trade journal",
    "the local paper",
    "a gardening weekly",
)
KIN: Templates = ("my uncle", "my mother", "the office", "my neighbour", "a colleague", "my class", "my sister")
COMPASS: Templates = ("north", "south", "east", "west", "north-east", "south-west")
COLOURS: Templates = ("sage", "sand", "black", "white", "terracotta", "navy")

EMOJI_GLAD = ("😍", "😊", "🎉", "❤️", "👏", "🌱", "🌿", "☀️", "💚", "🙌")
EMOJI_CROSS = ("😡", "😠", "🙄", "😤", "😞", "🤦", "💔", "👎")
EMOJI_PLAIN = ("🌱", "🌿", "🪴", "✂️", "🤔", "💧", "📷", "🍅", "🌶️", "🪟")
EXTRA_TAGS = ("#indoorgarden", "#sillgrove", "#hydroponics", "#growyourown", "#urbangarden", "#plants")
