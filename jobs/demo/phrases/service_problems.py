"""What goes wrong around the products: parcels, money, plans, and plants that sulk."""

from jobs.demo.phrases.problems import Problem

LATE = Problem(
    "late_delivery",
    "delivery",
    "[parcel that has not arrived|delivery date|parcel]",
    (
        "order {order} has been at the [depot|sorting centre] since {weekday}",
        "the tracking for my {product} has not moved in {n} days",
        "I ordered the {product} {n} weeks ago and the status still says packed",
        "the courier says delivered and I see nothing [at the door|with the neighbours]",
    ),
    (
        "when will order {order} [arrive|ship]",
        "can I change the address on order {order}",
        "who do I ask about a parcel that is [still at|held in] customs",
    ),
    (
        "it was a birthday present and the day is ruined",
        "{n} weeks of waiting and nobody cares, terrible service",
        "I took a day off for nothing, I'm furious",
    ),
    (
        "mine sat at the depot for {n} days and then came overnight",
        "ring the courier with the code from the mail, the site shows old data",
        "ask them to send it again after ten days, they did that for me",
    ),
    (
        "order {order} leaves with tomorrow's van and you get a new tracking number by mail tonight",
        "we opened a search with the courier and send a second {product} on {weekday} if it does not turn up",
        "could you send us your order number in a message so that we can look where the parcel is",
    ),
    ("rang the courier", "sent the order number", "waited for the second parcel"),
    ("it came on {weekday}", "it's here", "the parcel turned up at the neighbours"),
)

MISSING = Problem(
    "missing_part",
    "delivery",
    "[part that was not in the box|contents of the box|box]",
    (
        "the box of my {product} came without [power supply|plant food|tank lid|instruction card]",
        "my box had {n} pods where the label says {nn}",
        "the {product} came with the [plug for another country|pods of another order]",
    ),
    (
        "where can I get a spare [power supply|tank lid|set of domes]",
        "is plant food part of the starter box",
        "do I send the other pods back",
    ),
    (
        "how hard can it be to put everything in the box, I'm really annoyed",
        "the kids were so disappointed",
        "careless packing, and I paid {nn} euro for it",
    ),
    (
        "look under the cardboard tray, ours was there",
        "any 24 volt supply with the same plug does for a few days",
        "write to them with a photo, they sent mine in {n} days",
    ),
    (
        "look under the second tray of the box, and if it is not there we post the part today",
        "sorry, that was packed wrong: the missing part is on its way with order {order}",
    ),
    ("looked under the tray", "sent the photo", "wrote to them"),
    ("the part came {n} days later", "it was under the tray all along", "the set is complete"),
)

DAMAGED = Problem(
    "damaged",
    "delivery",
    "[parcel|cracked tank|dented box]",
    (
        "the tank of my new {product} came with a crack [along the side|in the lid]",
        "the box was [dented|soaked|open] and one of the light arms is bent",
        "two of the domes arrived [in pieces|cracked]",
    ),
    (
        "do I send the cracked tank back or is a photo enough",
        "can I use it with a crack [above|near] the water line",
        "how long do I have to report [a bent arm|a crack]",
    ),
    (
        "it looks like it was thrown off a truck, terrible",
        "broken on arrival, what a disappointment",
        "the second broken one in a row, I'm angry",
    ),
    (
        "photo of the label and of the crack, they need both",
        "keep the box until it's sorted, they asked me for it",
        "tape holds above the water line for a week or two",
    ),
    (
        "please send us one photo of the label and one of the crack, and a new tank goes out the same day",
        "keep the damaged one, there is nothing to send back",
    ),
    ("sent both photos", "kept the box", "sent a photo of the label"),
    ("the new tank is here", "they replaced it in {n} days", "the new one came in one piece"),
)

BILLING = Problem(
    "billing",
    "billing",
    "[charge on the card|double charge|invoice]",
    (
        "I see two payments for the Club [this month|in {month}], {nn} euro each",
        "the invoice for order {order} shows {nn} euro more than the checkout page",
        "money went off my card although I paused the Club in {month}",
    ),
    (
        "where do I find the invoice with VAT",
        "when does the Club charge the card",
        "how do I change the card for the Club",
    ),
    (
        "taking money twice is a scandal",
        "that's a rip-off and I feel cheated",
        "I had to fight for my own {nn} euro, unacceptable",
    ),
    (
        "the second line is a reservation, it fell off after {n} days here",
        "the invoice is under Account, Orders, not in the mail",
        "pausing has to happen {n} days before the charge, it's in the small print",
    ),
    (
        "the second line is a reservation and goes away within {n} days, but send us the last digits and we check",
        "we returned {nn} euro to your card [just now|this morning], it shows in {n} days",
        "under Account, Club, Payment you can change the card before the [5th|12th|20th]",
    ),
    ("checked the statement", "sent them the last digits", "changed the card"),
    ("the money is back", "the second line disappeared", "the invoice is right now"),
)

CANCEL = Problem(
    "cancel",
    "billing",
    "[Club cancellation|pausing the Club|subscription]",
    (
        "I can't find where to pause the Club [in the app|on the site]",
        "the pause page of the Club [loads forever|sends me back to the start]",
        "I ended the Club in {month} and another pod pack came on {weekday}",
    ),
    (
        "how do I pause the Club for {n} months",
        "can I swap the {plant} in the next Club box for something else",
        "what happens to my points when I end the Club",
    ),
    (
        "hiding the cancel button is a nasty trick",
        "this feels like a scam",
        "I'm being charged for pods that I don't want, awful",
    ),
    (
        "it only works in the browser, not in the app",
        "set the delivery to every {n} months, that is nearly a pause",
        "write to them with the word pause, took them {n} hours",
    ),
    (
        "you can pause under Account, Club, Next box until {n} days before it ships",
        "we stopped the Club for you as of today and the last box costs you nothing",
        "to swap a pack open the next box in the app and tap the pack that you want to change",
    ),
    ("used the browser", "wrote to support", "set it to every {n} months"),
    ("it is paused", "no more boxes", "the next box has what I chose"),
)

REFUND = Problem(
    "refund",
    "billing",
    "[refund that is open|refund|return]",
    (
        "I sent my {product} back {n} weeks ago and the refund is still open",
        "the return label for order {order} [has expired|does not scan]",
        "the refund came as a voucher and not on my card",
    ),
    (
        "how long does a refund take after the parcel is back with you",
        "can I return a {product} that was set up once",
        "where is the return label",
    ),
    (
        "keeping {nn} euro of mine for a month is outrageous",
        "nobody answers my mails, terrible support",
        "I regret ever ordering here",
    ),
    (
        "count ten working days from the scan at the depot, that was exact for me",
        "ask for a new label in a message, they have it in a minute",
        "it went to the old card in my case, look there",
    ),
    (
        "your return was scanned on {weekday}, so the {nn} euro are on the card within {n} days",
        "here is what we do: a new label by mail today, and the refund on the day of the scan",
    ),
    ("asked for a new label", "looked at the old card", "sent the receipt of the parcel"),
    ("the {nn} euro are back", "it was on the old card", "the refund came on {weekday}"),
)

YELLOW = Problem(
    "yellow_leaves",
    "growing",
    "[yellow leaves|pale leaves|brown tips]",
    (
        "the bottom leaves of my {plant} [turn|turned] yellow [within {n} days|one after the other]",
        "the {plant} has brown tips [on the window side|since I moved it to the {place}]",
        "new leaves on the {plant} come out pale [with green veins|and small]",
    ),
    (
        "is it the light, the water or the food when {plant} goes pale",
        "how much plant food do you use for {plant} per litre",
        "do you take the yellow leaves off or keep them",
    ),
    (
        "my poor {plant} is dying and I'm sad about it",
        "I kill everything, even with a machine that does the work, so frustrating",
        "it looks miserable",
    ),
    (
        "that is iron, half a dose more food for {n} weeks and mine went green",
        "too close to the lamp, raise it by {n} cm",
        "take them off, the {plant} makes new ones",
    ),
    (
        "raise the lamp by {n} cm and give half a dose of food on {weekday}, then look at the new leaves only",
        "pale with green veins is iron: our plant food has it, so one full dose and fresh water",
    ),
    ("raised the lamp", "gave it more food", "cut the old leaves off"),
    ("the new leaves are green", "it put out {n} new leaves", "the {plant} stands up again"),
)

LEGGY = Problem(
    "leggy",
    "growing",
    "[leggy seedlings|long thin stems|stems that fall over]",
    (
        "the {plant} seedlings are {cm} cm tall and as thin as thread",
        "my {plant} leans [to the window|to one side] and falls over at {cm} cm",
        "all stem and hardly a leaf on the {plant} since [week {n}|the lights went to {n} hours]",
    ),
    (
        "do I bury the stems deeper or start over",
        "how many hours of light does {plant} need",
        "does pinching work for {plant}",
    ),
    (
        "it's a sad sight",
        "another failed tray, I'm disappointed in myself and in the lamp",
        "so annoying after {n} weeks of care",
    ),
    (
        "more light and less heat, {lamp} hours and a cooler room did it here",
        "bury the stem up to the first leaves",
        "brush them with a sleeve once a day, they get thicker from it",
    ),
    (
        "set the lamp to sixteen hours and lower it to {nn} cm, the next leaves come closer together",
        "pinch the top pair of leaves once, then it branches",
    ),
    ("lowered the lamp", "buried the stems", "set it to sixteen hours"),
    ("they stand on their own", "the new growth is thick", "it has filled out since"),
)

FIRMWARE = Problem(
    "firmware",
    "app",
    "[firmware update|update that does not finish|update]",
    (
        "the firmware update on my {product} [sits|stays] at {pct} percent since {weekday}",
        "after firmware {n}.{version} the pump runs [every {n} minutes|all day]",
        "my {product} asks for the same update [every day|each time I open the app]",
    ),
    (
        "is there a list of what firmware {n}.{version} changes",
        "can I go back to the firmware before {n}.{version}",
        "does the update need the tank to be full",
    ),
    (
        "you broke a thing that worked, I'm really annoyed",
        "it has been a useless brick since then",
        "who tests this crap",
    ),
    (
        "unplug it for ten minutes and start the update next to the router",
        "wait for the night one, the daytime servers are slow",
        "keep the app open until it says done, it pauses otherwise",
    ),
    (
        "unplug your {product} for ten minutes, plug it in next to the router and start the update again",
        "we pulled {n}.{version} for your model, and {n}.{version} comes on {weekday}",
    ),
    ("unplugged it for ten minutes", "did it next to the router", "kept the app open"),
    ("the update went through", "it runs the way it did before", "it says up to date"),
)

WARRANTY = Problem(
    "warranty",
    "hardware",
    "[warranty|{product} that does not start]",
    (
        "my {product} does not start after {nn} months, neither light nor pump",
        "the power button on the {product} [does nothing|only blinks red]",
        "the lamp arm of my {product} came off [at the hinge|on {weekday}]",
    ),
    (
        "does the warranty cover the lamp after {nn} months",
        "where is the serial on the {product}",
        "do you repair a {product} or only replace it",
    ),
    (
        "dead after {nn} months, what a piece of junk",
        "for that price it's a disgrace",
        "cheap plastic that breaks, I'm disappointed",
    ),
    (
        "try the plug of another device first, mine was the supply only",
        "the serial is under the tank, bring a torch",
        "two years here, they replaced it without a word",
    ),
    (
        "the guarantee is two years, so send us the number from under the tank and we replace the part",
        "could you try another socket and hold the power button for {nn} seconds first",
    ),
    ("tried another socket", "sent the number", "held the button"),
    ("the new supply works", "it starts again", "the replacement is here"),
)

ALL = (LATE, MISSING, DAMAGED, BILLING, CANCEL, REFUND, YELLOW, LEGGY, FIRMWARE, WARRANTY)
