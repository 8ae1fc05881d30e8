"""What people answer each other. ``{label}``, ``{plant}``, ``{product}`` are those of the post answered."""

Templates = tuple[str, ...]

LEADS: Templates = (
    "{name}, ",
    "@{handle} ",
    "hi {name}, ",
    "hey {name}, ",
    "",
    "",
    "",
    "",
    "",
    "{name}: ",
    "to {name}: ",
)
TROUBLE_LEADS: Templates = (*LEADS, "had that too. ", "same in {month} here. ", "oh {name}, ")

SAME_TROUBLE: Templates = (
    "same here with the {label}, since {weekday}, [annoying|so frustrating|what a pain]",
    "not only you, the {label} [drives me mad|is awful|ruined my week too]",
    "I had the {label} for {n} weeks and [hated it|gave up|was furious]",
    "the {label} again, [sad|ridiculous|terrible], third person this week",
    "the same with my {product} since {month}, I'm [fed up|annoyed] as well",
    "{n} of us with the {label} now, [pathetic|what a mess|sad]",
    "[hate|hated] every minute of the {label}, {city} sends sympathy",
    "sounds like mine: {say}. [horrible|so annoying]",
    "sorry to read that, the {label} cost me {n} [evenings|weekends] and I was so mad",
    "ugh, the {label}. I [lost|wasted] {n} days on it",
)

SAME_GRIPE: Templates = (
    "same with my {plant}, [sad|so annoying|what a pity]",
    "{gripe}, so you're not alone",
    "mine in {city}: {gripe}",
    "I [hate|hated] that too, {n} weeks of {plant} for nothing",
    "{n} of us now. my {plant} looks [awful|miserable|sick] as well",
    "sorry about your {plant}, mine [died|suffered] the same way in {month}",
)
SOOTHE_GRIPE: Templates = (
    "what I do with {plant}: {tip}",
    "{tip}. took me {n} rounds of {plant}",
    "for the next {plant}: {tip}",
    "don't stop, {tip}",
    "one thing with {plant}: {tip}",
)

SOOTHE: Templates = (
    "the {label} again. {tip}",
    "I know the {label}: {tip}",
    "don't bin it yet. {tip}",
    "before you send it back: {tip}",
    "for the {label}: {tip}",
    "how the {label} ended on mine: {tip}",
    "{tip}. took {n} days here",
)

DISAGREE: Templates = (
    "can't agree, my {product} runs [great|beautifully|without a fault] since {month} and I love it",
    "strange, mine is [perfect|great|a joy] after {n} months",
    "I like mine a lot, and support was [great|friendly] when I had the {label}",
    "fair, but the {product} is still the best thing in my {place}",
)

ANSWERS: Templates = (
    "{tip}",
    "{tip}. end of the {label} here",
    "about the {label}: {tip}",
    "two things: {tip}. and tell us on {weekday} how it went",
    "{tip}. {kin} told me that in {month}",
    "short answer for the {label}: {tip}",
    "{n} months ago I asked the same. {tip}",
    "{tip}, says my neighbour, who has {n} of them",
    "I would start there: {tip}",
    "had the {label} in {month}. {tip}",
)

ME_TOO_QUESTION: Templates = (
    "following, same {label} on my {product} since {weekday}",
    "I have the same question, {n} weeks with the {label} here",
    "not an answer, only the same {label} from {city}",
    "+1 on the {label}, {product} from {month}",
)

CLARIFY: Templates = (
    "is that the {product} from before {month} or the new one",
    "how old is it, and how is the water in {city}",
    "which firmware, {n}.{version} or {n}.{version}",
    "does the {label} come at night too",
    "how full is the tank when it happens",
    "is it all of the {plant} or one pod",
    "what does the app say at that moment",
    "did you move it lately, from the {place} maybe",
    "is the {place} above {temp} degrees",
)

CLARIFY_FRAMES: Templates = (
    "{clarify}?",
    "{clarify}? here that was it in {month}",
    "one thing first: {clarify}?",
    "{clarify}? I ask because of the {label} I had in {month}",
    "to help with the {label}: {clarify}?",
    "{clarify}? and {clarify2}?",
)

CLARIFY_SERVICE: Templates = (
    "paid by card or by transfer",
    "which courier was it, and which depot",
    "did you get a mail with a code that starts with {n}",
    "is that the shop in {city} or the site",
    "when was that, before or after {month}",
    "does the account page show order {order}",
    "did they answer on {weekday} or never",
)

HOW_TO_ANSWERS: Templates = (
    "{answer}",
    "on {label}: {answer}",
    "{answer}, at least in my {place}",
    "{answer}. {plain}",
    "depends on the {product}. {answer}",
    "for {label} I do it this way: {answer}",
    "{answer}, {n} rounds of {plant} say so",
)

CHEERS: Templates = (
    "{cheer}",
    "{cheer}, mine took {nn} days",
    "{cheer}. how many pods was that?",
    "{cheer}, I'm going to try that in my {place}",
    "{cheer}, thanks for posting the {plant}",
    "love this, {cheer}",
    "{cheer}. greetings from {city}",
)

DETAILS: Templates = (
    "{detail}?",
    "{detail}? I'm at week {n}",
    "one question: {detail}?",
    "{detail}? mine is in the {place}",
)

OWN_STORY: Templates = (
    "mine in {city}: {update}",
    "same week here. {update}",
    "over here {update}",
    "{update}. that's close to yours",
    "my turn: {update}",
    "compare: {update}",
)

TIP_THANKS: Templates = (
    "[great|good|excellent] tip, [thanks|thank you], I'll try that with my {plant}",
    "didn't know that, thanks, very helpful",
    "this saved my {plant} in {month}, thank you",
    "[brilliant|so smart], doing that on {weekday}",
    "works great on the {product} too, thanks",
)

TIP_DOUBTS: Templates = (
    "not with {plant}, on mine that took {n} weeks",
    "depends on the lamp, at {nn} cm I see the same {plant} with and without",
    "I do the opposite with {plant} in the {place} and get {cm} cm",
    "and with the water of {city}? my {plant} needs {n} rounds of that",
)

IDEA_BACKING: Templates = (
    "yes to {idea}, I'd [love|buy] that [tomorrow|for the {place}]",
    "+1, {idea} would be [great|perfect] for my {place}",
    "good idea, I'd pay {n} euro for it",
    "love it, and {city} wants it too",
)

IDEA_DOUBTS: Templates = (
    "who needs {idea}? fix the {label} first",
    "I'd rather have {idea2}",
    "that's {n} months of work for {n} users [of a {product}|in {city}|with {plant}], I guess",
    "half of that is in the app already, under Light, since [version {n}.{version}|{month}|the {place} photo thread]",
)

COMPARISONS: Templates = (
    "I own both, the {rival} for {plant}, the {product} for the rest",
    "depends on the {place}, the {rival} is {cm} cm deeper",
    "[neither|both] for {plant} in a {place}, look at the depth first",
    "{rival} has the bigger tank, Sillgrove has the pods with {plant}",
    "{kin} has the {rival}, I have the {product}. {plain}",
    "{rival} pods for {plant} are {n} mm [wider|longer] than the holes of [a|my] {product}",
)

COMPARISONS_GLAD: Templates = (
    "the {product}, [easily|by far], [great|lovely] light [over|for] {plant} and a [lovely|good] app",
    "my {product} is [so good|excellent|a joy], the {rival} went to {kin}",
    "I'm happy with the {product}, [beautiful|great] {plant} since {month}",
)

COMPARISONS_CROSS: Templates = (
    "my {rival} broke [after {n} months|in {month}|with the {plant} in it], [terrible|awful|rude] support",
    "both are [bad|awful] at {plant}, if you ask me, I'm disappointed",
    "{rival} lost my order in {month}, horrible",
)

THANKS_WORKED: Templates = (
    "thanks {name}, I {did} and {cured}, [great|wonderful|you saved my week]",
    "thank you {name}! {did} on {weekday}, {cured}. so happy",
    "that was it: {did}, {cured}. [brilliant|thanks a lot]",
    "{cured}, thanks to {name}, [perfect|super helpful]",
    "update: {cured}. I {did} as {name} said, thank you",
    "fixed [since {weekday}|at last|after {n} days], {cured}. great help, {name}",
    "for whoever reads this later: I {did}, {cured}. thanks {name}, perfect",
    "{name} was right, {cured} since {weekday}. [thank you|so glad|happy]",
)

NOT_YET: Templates = (
    "no luck {name}, I {did} and the {label} is still there, frustrating",
    "tried that on {weekday} {name}, [annoying|I'm getting angry|sadly] the {label} is back after {n} hours",
    "I {did}, {n} times. the {label} is as bad as before, sorry {name}",
    "thanks but no, the {label} came back after {n} [hours|days], I hate this",
    "{name}, I {did} on {weekday}. worse than before: {say}",
    "did not help, {name}. {say}, [still|again], and I'm [annoyed|tired of it|upset]",
)

FOLLOW_DETAIL: Templates = (
    "{name}, {plain}",
    "{plain}, {name}. {plain2}",
    "for {name}: {plain}, and {plain2}",
    "it's the {product} from {month}. {plain}",
    "{plain}, and {n} pods of {plant} in it",
    "here you go: {plain}. {plain2}",
    "{name}: {plain}. rest follows",
    "I'll know more in {month}. {plain}",
)

FOLLOW_GLAD: Templates = (
    "thank you {name}, that's [kind|so kind|lovely] of you. {plain}",
    "thanks {name}! the {plant} says hi from {city}",
    "[haha|hehe|oh] thanks, I'm still smiling about the {plant} in the {place}",
    "you made my [day|{weekday}|week], {name}, thank you",
    (
        "thanks all, next [picture|round|update] of the {plant} [in {n} days|on {weekday}|in {month}], I promise a "
        "[good|better|prettier] one"
    ),
    "[aw|oh], thank you {name}. {kin} [reads along|sits next to me|sends regards] and is happy too",
    "thanks {name}, [means a lot|so nice to hear]. {plain}",
    "glad you like it {name}! {plain}",
)

SHARE_COMMENTS: Templates = (
    "this, every word. {plant}, {product}, {n} pictures",
    "read this if you have a {product} in the {place}",
    "{name} on {plant}: bookmarked for {weekday}",
    "for my people in {city}: {plant}, {product}, all in there",
    "passing this on to {kin}, {label} included",
    "see {name}, the part on the {place} most of all",
    "{kin} and I talked about this on {weekday}: {plant}, {product}, {place}",
    "[adding|leaving] this here for {city}: {name} and the {plant}",
    "what {name} says about {plant} is what I measured in {month}",
    "exactly my {label}, down to the {n} days",
    "look at that {plant} of {name}, {cm} cm",
    "reading it with the {product} next to me. {plain}",
    "bookmark of the week: {name} and the {plant}",
)

HELLO_BACK: Templates = (
    "welcome {name}, {city} here, ask away",
    "welcome! start with {plant}, it's forgiving, and have fun",
    "hi {name}, nice to have another {product} [in the group|with {plant}|from {city}|in here]",
    "good to see you here, {name}. {plant} is a great start",
)

SMALL_TALK: Templates = (
    "reminds me of {month}: {update}",
    "other picture in my {place}: {update}",
    "noted. the {plant} part is new to me",
    "link to that? I'd read it in the {place}",
    "{n} months ago I had none of it, now the {plant} is at {cm} cm",
    "bookmarked for {weekday}, with your {plant} and the {place} in mind",
    "{kin} asked me about {plant} on {weekday}, now I have a thread to send",
    "so the {plant} goes next to the {plant2}, or did I read that the other way round?",
    "I copied that into my {plant} sheet, row {nn}",
    "what {paper} wrote about {plant} was shorter and said the same",
    "{city} here. we talked about {plant} at {spot} for {nn} minutes",
    "I have a {product} and {n} free pods, so {plant} it is",
    "reading this a second time, with the {plant} in front of me",
)
