"""What the team says: answers, thanks, news; and what competitors' own accounts post."""

Templates = tuple[str, ...]

GREETINGS: Templates = ("Hi {name}", "Hello {name}", "Hey {name}", "Good {daypart} {name}", "Hi there {name}", "{name}")
FIX_OPENERS: Templates = (
    "thanks for asking about the {label}",
    "thank you for the details on the {label}",
    "sorry about the {label}",
    "sorry for the trouble with the {label}",
    "about the {label}",
    "on your {product} and the {label}",
    "we looked at the {label} with {colleague}",
    "we know the {label} from {n} others this [week|month]",
    "let's get the {label} out of the way",
)
FIX_CLOSERS: Templates = (
    "Does that change anything?",
    "If it is still there on {weekday}, write to us again.",
    "Tell us what you see.",
    "We sent you a message with the rest.",
    "Could you move to a direct message with your order number?",
    "The long version is in the help pages under {product}.",
    "We are here until [six|five|{hour} on {weekday}].",
    "Let us know, I keep this open.",
    "",
    "",
)
HOW_TO_REPLIES: Templates = (
    "{answer}. That is what we do in our test room too.",
    "{answer}. {plant} on {lamp} hours of light, and you are fine.",
    "our grower says: {answer}.",
    "{answer}. There is a chapter on {label} in the guide.",
    "from what we measured: {answer}.",
)
WRONG_DOOR: Templates = (
    "this is the news desk, so I handed this to {colleague} at support.",
    "this account is for news, but we do not leave you standing: {colleague} takes over.",
    "passed on to our support people, {colleague} writes to you today.",
)
PRAISE_REPLIES: Templates = (
    "this made our {daypart}, thank you! The {plant} looks great.",
    "thank you so much, {colleague} has it on the wall already. Lovely {plant}!",
    "we love it. Enjoy the {dish}!",
    (
        "what a beautiful {place}. May we [share|print|frame] the [picture|story] [in {month}|on {weekday}|for "
        "{colleague}]?"
    ),
    "that is the nicest thing we read today, thank you. {colleague} asks how the {plant} is doing.",
    "so happy to read that! {colleague} says: {plain}.",
    "you made [{colleague} smile|our {daypart}|somebody at support very happy]. Enjoy the {plant}!",
    "wonderful. Keep us posted on the {plant}, and show us the {place} when you can.",
    "{cm} cm, wow! Happy growing from [all of us|{colleague}|the test room|the desk], and a wave to {city}.",
)
IDEA_REPLIES: Templates = (
    "that is on {colleague}'s list now: {idea}. Vote for it and we see how many want it.",
    "we talked about {idea} in {month}. Which {product} do you have in mind?",
    "nice one. {colleague} asks: would {n} weeks be enough?",
)
GRIPE_REPLIES: Templates = (
    "that is not what we want for your {plant}. {colleague} has a look, could you send a picture from the {place}?",
    "thank you for saying it plainly. What was in the tank, and how far up is the lamp over the {plant}?",
    "we hear you, and so does {colleague}. The next {plant} is on us, write to us with your address.",
    "that should not happen with {plant}. {colleague} tries the same batch in the test room until {weekday}.",
    (
        "{colleague} here says others wrote the same about the {plant} in {month}. We change it, and your pack "
        "comes back to you."
    ),
    "you are right to complain. We look at it with {colleague} on {weekday} and write to you here.",
)
RIVAL_REPLIES: Templates = (
    "fair comparison. Tell us what happened with the {product} in the {place} and we look at it.",
    "we read that with care. What would make the {product} right for your {place}?",
)
COMPLAINT_CLOSERS: Templates = (
    "That is not how it should be, and we make it right.",
    "You should not have to chase this. {colleague} calls you on {weekday}.",
    "We replace what it cost you.",
    "I'm sorry for the trouble.",
)

NEWS: Templates = (
    (
        "New in the shop: the {product} in {colour}, from {weekday}, {nn} euro. [First batch: {grams} pieces|Free "
        "pods with the first {grams}]."
    ),
    "Pod pack of {month}: {plant}, {plant2} and a surprise. In your Club box from week {n}. [Happy growing|Enjoy]!",
    "App {n}.{version} is out: {idea}. [Thanks to all who voted|Update when you like].",
    (
        "{weekday} live from the test room: {colleague} plants {plant}, {hour} o'clock. [Bring questions|Join us, "
        "it will be fun]."
    ),
    "From the journal: {n} ways to use {grams} g of {plant}. Ours is {dish}.",
    "We are at {spot} on {weekday} with {n} gardens and a lot of {plant}. [Come and say hello|See you there].",
    "Look what {name} grew in the {place}: {plant}, {cm} cm! [Beautiful|Wonderful work].",
    "Behind the scenes: {nn} lamps, {n} growers, one very big {plant}.",
    "Question of the week: {plant} or {plant2} for the {place}?",
    "Did you know? {tip}.",
    "Open position: a {job} for our {city} team, {n} days a week.",
    "{pct} percent of you grow {plant} in the {place}. {plant2} is catching up.",
    "Holiday hours: support is back on {weekday} at {hour}. Watering tips for {n} days away are in the journal.",
)
NEWS_CLOSERS: Templates = (
    "",
    "",
    "Ask {colleague}, [any time|until {hour}|on {weekday}].",
    "More in the journal, under {plant}.",
    "{city} goes first, the rest in {month}.",
    "Photo: {colleague}, {place}.",
    "What do you think?",
    "{plant} fans, this one is yours.",
    "The {place} version follows on {weekday}.",
    "Thanks to {name} for the idea.",
)
CAMPAIGN_NEWS: Templates = (
    "Show us your plate with #SillToTable: {plant} from the {place}, best picture of {weekday} wins a {product}.",
    "#SillToTable day {n}: {colleague} makes {dish} with {plant} from the {place}. What do you cook?",
    "{nn} entries for #SillToTable from {city} alone, you are wonderful. {plant} leads with {pct} percent.",
)
JOBS: Templates = ("grower", "firmware engineer", "school coach", "packer", "designer")
PERSONAL: Templates = (
    "{nn} minutes on a train to {city}, thinking about {idea}",
    "my own {plant} at home: {cm} cm. I do work here, and I still ask {colleague}",
    "what I learned at {spot}: {tip}",
    "week {n} of the new pump at Sillgrove. {tip}",
    "three visits to customers in {city}, {n} pages of notes, {plant} everywhere",
    "honest question to {place} people: {plant} or {plant2}?",
    (
        "proud of {colleague} and the [team|desk|packers] today, {n} parcels an hour and good humour [in "
        "{city}|until {hour}|with {plant} tea]"
    ),
    "a customer in {city} showed me {plant} at {cm} cm, what a joy",
)
BLOG_COMMENTS: Templates = (
    "nice article, the part on {plant} helped me. {plain}",
    "page {n} says {lamp} hours of light for {plant}, in the {place} too?",
    "I tried the {dish} from this post, [delicious|great], with {grams} g of {plant}",
    "the picture shows a {product} in {colour}, where do I get it?",
    "a question on this: {ask}?",
)
RIVAL_NEWS: Templates = (
    "Meet the {rival} kit with {n} pods: {nn} watts, {colour}, from {weekday}.",
    "{rival} tip: {tip}.",
    "{month} offer: {pct} percent off all {rival} {plant} pods until {weekday}.",
    "{city}, we are coming: {rival} at {spot} on {weekday}.",
    "How do you use {plant}? {rival} customers say {dish}.",
    "{n} new colours for the {rival} shelf, {colour} first.",
)
RIVAL_CLOSERS: Templates = (
    "Now in {city}.",
    "{n} models, {colour} included.",
    "With {plant} for the first {nn} buyers.",
    "Ask us until {hour}.",
    "See the {place} edition.",
    "From {euro} euro.",
    "Shipping to {city} in {n} days.",
    "Tag us with your {plant}.",
)
RIVAL_ANSWERS: Templates = (
    "Hi {name}, please send your {rival} order number by message and we look at it.",
    "Thanks {name}! {plant} on day {nn} is what we like to see.",
    "{name}, the {rival} manual has that on page {nn}.",
)
