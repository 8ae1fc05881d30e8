"""What many people share and what so tells nobody apart: mailboxes, placeholder names, common names, where ids hold."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split(" "))


#: Mailboxes that more than one person reads or that nobody reads.
SHARED_MAILBOXES = _words(
    "abuse accounting accounts admin administrator billing bookings careers community contact contacto contact-us "
    "customerservice donotreply do-not-reply editor enquiries enquiry events feedback finance hello help helpdesk "
    "hi hr info information inquiries it jobs kontakt legal mail mailbox marketing media news newsletter no-reply "
    "noreply notifications office orders partners postmaster press privacy reception root sales security service "
    "shop staff store subscribe support team test unknown webmaster welcome"
)

#: Providers that deliver ``name+tag@`` to ``name@``; elsewhere a plus may belong to the mailbox.
PLUS_TAG_HOSTS = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "icloud.com",
    "me.com",
    "fastmail.com",
    "proton.me",
    "protonmail.com",
)

#: Display names and handles that stand for "no name".
PLACEHOLDERS = _words(
    "admin administrator anon anonymous bot customer deactivated deleted guest hidden info member me nobody none "
    "null private removed support team test undefined unknown user visitor webmaster you"
) | {
    "customer service",
    "deleted account",
    "deleted user",
    "facebook user",
    "former member",
    "guest user",
    "instagram user",
    "linkedin member",
    "n a",
    "no name",
    "private user",
    "reddit user",
    "removed user",
    "test user",
    "unknown user",
    "website visitor",
    "wordpress user",
    "youtube user",
}

#: Networks on which an id means the same account wherever it was seen. Not: Discourse, Mastodon, Slack, Stack Exchange
#: and others whose ids count from one in each instance, nor a CRM or shop.
GLOBAL_ID_NETWORKS = (
    "twitter",
    "youtube",
    "facebook",
    "instagram",
    "linkedin",
    "bluesky",
    "reddit",
    "github",
    "discord",
    "telegram",
    "tiktok",
    "threads",
    "whatsapp",
)

#: Networks on which a handle belongs to one account at a time.
GLOBAL_HANDLE_NETWORKS = (
    "twitter",
    "youtube",
    "instagram",
    "bluesky",
    "reddit",
    "github",
    "tiktok",
    "threads",
    "telegram",
    "linkedin",
    "facebook",
    "devto",
    "medium",
)

#: Networks whose "accounts" are our own notes about somebody: a person may well have several there.
RECORD_NETWORKS = ("crm", "web", "hubspot", "salesforce", "shopify", "stripe", "orders")

#: Profile addresses: host and path (lower case, no ``www.``) to a network, with the handle or id in the first group.
PROFILE_PATTERNS = (
    ("twitter", r"^(?:mobile\.)?(?:twitter|x)\.com/@?([a-z0-9_]{1,15})$"),
    ("github", r"^github\.com/([a-z0-9-]{1,39})$"),
    ("bluesky", r"^bsky\.app/profile/([a-z0-9.:-]+)$"),
    ("linkedin", r"^(?:[a-z]{2}\.)?linkedin\.com/in/([^/]+)$"),
    ("reddit", r"^(?:old\.|new\.)?reddit\.com/u(?:ser)?/([a-z0-9_-]+)$"),
    ("youtube", r"^(?:m\.)?youtube\.com/(?:@|c/|user/|channel/)([a-z0-9._-]+)$"),
    ("instagram", r"^instagram\.com/([a-z0-9._]+)$"),
    ("facebook", r"^(?:m\.)?(?:facebook|fb)\.com/([a-z0-9.]+)$"),
    ("tiktok", r"^tiktok\.com/@([a-z0-9._]+)$"),
    ("threads", r"^threads\.(?:net|com)/@([a-z0-9._]+)$"),
    ("telegram", r"^(?:t|telegram)\.me/([a-z0-9_]+)$"),
    ("devto", r"^dev\.to/([a-z0-9_]+)$"),
    ("medium", r"^medium\.com/@([a-z0-9._-]+)$"),
)

#: Given names that so many have that the name alone says little, and the share of people who go by such a one.
COMMON_FIRST_NAMES = _words(
    "aaron adam alan alex alexander alice amy ana andrea andrew andy angela ann anna anne anthony antonio ben "
    "benjamin bob brian carlos carol charles charlie chris christian christine claire daniel dave david deborah "
    "diana diego donald donna ed edward elena elizabeth ella emily emma eric eva fatima frank gary george grace "
    "greg hannah harry helen henry ian isabella jack jacob jake james jan jane jason jeff jennifer jess jessica "
    "jim joe john jonathan jordan jorge jose joseph josh juan julia julie karen kate katie kelly ken kevin kim "
    "kumar laura lauren lee leo li liam linda lisa louis lucas lucy luis luke maria marie mark martin mary matt "
    "matthew max maya megan melissa mia michael michelle mike mohamed mohammed muhammad nancy natalie nick nicole "
    "noah olivia oliver pablo pamela pat patricia patrick paul pedro peter phil philip rachel raj rebecca richard "
    "rick rob robert robin ron rose ruth ryan sam samantha samuel sandra sara sarah scott sean sharon simon "
    "sophia sophie stephanie stephen steve steven sue susan tania ted teresa thomas tim tom tony victor victoria "
    "wei will william yusuf zoe"
)
COMMON_SURNAMES = _words(
    "adams ahmed ali allen anderson bailey baker bell bennett brown campbell carter chen chan clark collins cook "
    "cooper cox das davies davis diaz edwards evans fernandez fischer flores garcia gomez gonzalez gray green "
    "gupta hall harris hernandez hill howard hughes jackson james jansen johnson jones kelly khan kim king kumar "
    "lee lewis li lin liu lopez martin martinez meyer miller mitchell moore morgan morris muller murphy nelson "
    "nguyen parker patel perez peterson phillips price ramirez reed richardson rivera roberts robinson rodriguez "
    "rogers ross russo sanchez sanders santos schmidt schneider scott sharma silva singh smith stewart sullivan "
    "taylor thomas thompson torres tran turner walker wang ward watson weber white williams wilson wong wood "
    "wright wu yang young zhang zhao"
)

#: Words that strangers hit upon for a handle.
COMMON_HANDLES = _words(
    "admin alpha angel anon batman bear beta bigboss blue boss cat champ coffee cool crypto dad dark demo dev dog "
    "dragon eagle example fox friend gamer ghost girl god gold green guru hacker happy hawk hello hero hunter "
    "info king lady lion love lucky magic master me mike mom moon music mystic ninja nobody phoenix pirate player "
    "pro queen rebel red rock rocket root runner samurai shadow sky smile sniper star storm sun super support "
    "team test tiger traveler user viper warrior web wizard wolf writer zero zen"
)

#: Hosts that many link to and that are nobody's own.
SHARED_HOSTS = (
    "amazon.com",
    "beacons.ai",
    "bit.ly",
    "discord.gg",
    "discord.com",
    "docs.google.com",
    "goo.gl",
    "google.com",
    "linktr.ee",
    "medium.com",
    "notion.so",
    "patreon.com",
    "substack.com",
    "t.co",
    "tinyurl.com",
    "wikipedia.org",
    "wordpress.com",
    "youtu.be",
    "youtube.com",
)
