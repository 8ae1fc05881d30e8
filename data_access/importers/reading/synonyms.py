"""What a table's rows can be, which fields each kind has, and what columns are called that hold them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A field: its name, what people call it, what its cells hold (see ``guessing.fits``), and names of columns that
    hold it: lower case, words joined by _, the surest first."""

    name: str
    label: str
    holds: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class TableKind:
    """What the rows of a table are. ``needs``: groups of fields of each of which a table has one at least."""

    name: str
    label: str
    network: str
    fields: dict[str, Field]
    needs: tuple[tuple[str, ...], ...]

    @property
    def needed(self) -> frozenset[str]:
        """Every field that can meet a need."""
        return frozenset(name for group in self.needs for name in group)


def _fields(lines: str) -> dict[str, Field]:
    """Fields of lines such as ``name | label | holds | names of columns``; what is indented goes on with the last."""
    fields: dict[str, Field] = {}
    for line in filter(None, lines.replace("\n    ", " ").splitlines()):
        name, label, holds, names = (part.strip() for part in line.split("|"))
        fields[name] = Field(name, label, holds, tuple(names.split()))
    return fields


_PLACE = """
network | Network | words | network platform social_network service
source | Site, workspace or account of the ids | any | instance workspace
"""

_POSTS = _fields(
    """
text | Text | text | text full_text message body content tweet tweet_text post_text comment_text comment selftext
    caption description review_text review msg snippet note
time | Written at | time | time created_at occurred_at timestamp created_time created_utc date datetime date_time
    published_at posted_at created published pub_date tweet_created post_date sent_at time_stamp created_date
    creation_date publish_time ts created_timestamp posted date_posted taken_at when
id | Id of the post | id | id post_id tweet_id status_id message_id comment_id id_str native_id uuid guid
title | Title | any | title subject headline topic_title thread_title
author | Id of the author | any | author_id user_id from_id sender_id profile_id account_id author user from sender
    owner_id member_id poster_id member poster posted_by written_by
author_handle | Handle of the author | any | author_handle handle screen_name username user_name login
    author_username from_username nickname member_username member_handle
author_name | Name of the author | any | author_name display_name full_name real_name name sender_name from_name
    user_display_name customer_name member_name poster_name
parent | Id of the post that it answers | id | parent parent_id in_reply_to_id in_reply_to_status_id
    in_reply_to_tweet_id reply_to_id in_reply_to reply_to reply_to_message_id in_response_to_tweet_id
url | Address of the post | url | url permalink link post_url tweet_url permalink_url permanent_link post_link uri
likes | Likes | count | likes like_count likes_count favorite_count favourites_count favorites favourites favorite
    reactions reaction_count upvotes ups public_metrics_like_count
shares | Shares | count | shares share_count shares_count retweet_count retweets reblogs_count reposts repost_count
replies | Replies, as a number | count | replies reply_count replies_count comments comment_count comments_count
    num_comments number_of_comments
views | Views | count | views view_count views_count impressions impression_count video_views plays
reach | People reached | count | reach unique_impressions people_reached unique_views impressions_unique
language | Language | language | language lang language_code locale
channel | Channel, page or forum | words | channel channel_name page page_name subreddit group group_name forum
    category room board
brand | Brand that it is about | words | brand brand_name company airline
post_type | What it is: post, reply, review ... | words | kind post_type message_type content_type
location | Place of the author | any | location user_location author_location tweet_location place city country
followers | Followers of the author | count | followers followers_count follower_count user_followers
    author_followers
inbound | Is it from outside? | flag | inbound is_inbound incoming
is_team | Is it from our team? | flag | is_team from_team outbound is_employee is_staff by_us
"""
    + _PLACE
)

_PEOPLE = _fields(
    """
email | E-mail address | email | email e_mail email_address mail e_mail_address work_email primary_email contact_email
id | Id of the person | id | id contact_id person_id customer_id user_id lead_id record_id vid member_id unique_id
    native_id
handle | Handle | handle | handle screen_name username user_name login nickname twitter twitter_handle
name | Name | any | name full_name display_name contact_name real_name person customer_name
first_name | First name | any | first_name firstname given_name forename
last_name | Last name | any | last_name lastname surname family_name
organization | Organisation | any | organization organisation company company_name account account_name employer
    associated_company organization_name organisation_name
organization_id | Id of the organisation | id | organization_id organisation_id company_id account_id
    associated_company_id
owner | Who of us looks after them | any | owner contact_owner owner_name account_manager assigned_to sales_rep
    hubspot_owner
verified | Is the e-mail address confirmed? | flag | verified email_verified is_verified confirmed email_confirmed
    is_confirmed verified_email double_opt_in
url | Web page | url | url website web_page profile_url linkedin linkedin_url homepage web
location | Place | any | location city country region address place
bio | What they say of themselves | any | bio about description job_title title position role
followers | Followers | count | followers followers_count follower_count
is_team | Are they of our team? | flag | is_team is_employee is_staff
time | As of (last changed) | time | updated_at last_modified modified_at last_modified_date modified last_updated
    updated created_at created_date created date create_date
"""
    + _PLACE
)

_ORGANISATIONS = _fields(
    """
name | Name | any | name company company_name organization organisation organization_name organisation_name account
    account_name
id | Id of the organisation | id | id company_id organization_id organisation_id account_id record_id native_id
domain | Domain or web page | any | domain website company_domain_name web_page homepage url company_domain domain_name
sector | Sector | any | sector industry branch vertical segment
country | Country | any | country country_region office_location location billing_country headquarters region
employees | Employees | count | employees number_of_employees employee_count headcount company_size
    numberofemployees staff
time | As of (last changed) | time | updated_at last_modified modified_at last_modified_date modified last_updated
    updated created_at created_date created date create_date
"""
    + _PLACE
)

_DEALS = _fields(
    """
id | Id of the deal | id | deal_id opportunity_id id record_id native_id
name | Name of the deal | any | deal_name opportunity_name name dealname deal opportunity title
stage | Stage | any | deal_stage stage opportunity_stage stage_name dealstage sales_stage pipeline_stage
stages | Dates on which stages were entered | time |
won | Won or lost | outcome | won is_won outcome result status deal_status is_closed_won closed_won
is_closed | Is it closed? | flag | is_closed closed closed_flag
amount | Amount | money | amount deal_amount deal_value value close_value opportunity_amount total price revenue
    amount_in_company_currency
currency | Currency | currency | currency deal_currency currency_code currency_iso_code deal_currency_code
created | Opened on | time | created_at create_date created opened_at created_date open_date engage_date opened
    start_date date_created
closed | Closed on | time | closed_at close_date closedate closed_date closed_on won_date end_date date_closed
contact | Id or e-mail address of the contact | any | contact_email contact_id contact contacts email contact_emails
    associated_contact associated_contact_ids primary_contact e_mail customer_email customer_id person_id
organization | Organisation | any | company organization organisation account account_name company_name
    organization_name organisation_name associated_company customer client
organization_id | Id of the organisation | id | company_id organization_id organisation_id account_id
    associated_company_id associated_company_ids
owner | Who of us holds it | any | owner deal_owner opportunity_owner owner_name sales_agent sales_rep account_manager
    assigned_to salesperson
product | Product | any | product product_name line_item
time | As of (last changed) | time | updated_at last_modified modified_at last_modified_date modified last_updated
    updated
"""
    + _PLACE
)

_ORDERS = _fields(
    """
amount | Amount paid, in all | money | amount total order_total total_price grand_total amount_paid order_amount
    total_amount
    order_value value revenue price net_amount sales gross_amount subtotal
time | Bought at | time | order_date ordered_at purchased_at purchase_date paid_at created_at date time created
    transaction_date invoice_date occurred_at processed_at order_time datetime timestamp created_utc placed_at
    charged_at
id | Id of the order | id | order_id order_number order_no invoice_id invoice_number invoice_no transaction_id
    payment_id charge_id order invoice id receipt_number native_id
currency | Currency | currency | currency currency_code order_currency presentment_currency currency_iso_code
email | E-mail address of the customer | email | email customer_email e_mail email_address billing_email buyer_email
    mail contact_email
customer | Id of the customer | id | customer_id customer buyer_id user_id client_id contact_id member_id person_id
    account_number
customer_name | Name of the customer | any | customer_name billing_name buyer_name full_name customer_full_name name
    buyer customer client
verified | Is the e-mail address confirmed? | flag | email_verified verified is_verified confirmed email_confirmed
    verified_email
organization | Organisation | any | company organization organisation account company_name billing_company
    account_name
product | Product | any | product product_name item item_name lineitem_name sku stock_code article
quantity | Quantity | count | quantity qty units lineitem_quantity items number_of_items
refund_of | Order that it refunds | id | refund_of refunded_order refund_of_order original_order_id original_order
    refunds_order parent_order_id original_transaction_id
status | Kind or state: sale, refund, cancelled ... | words | type transaction_type status financial_status
    order_status payment_status state kind
refunded | Amount refunded | money | refunded_amount amount_refunded refund_amount refunded refund_total total_refunded
refunded_at | Refunded at | time | refunded_at refund_date refunded_on refund_time
"""
    + _PLACE
)

_VISITS = _fields(
    """
time | Visited at | time | visited_at visit_time timestamp time session_start event_time date datetime created_at
    occurred_at hit_time server_time session_date viewed_at event_timestamp ts
visitor | Id of the visitor | id | visitor_id visitor anonymous_id client_id session_id cookie_id device_id
    user_pseudo_id fullvisitorid session user_id user customer_id contact_id
email | E-mail address of the visitor | email | email e_mail email_address user_email visitor_email mail
verified | Is the e-mail address confirmed? | flag | email_verified verified is_verified confirmed email_confirmed
url | Page | any | page_url page_location landing_page page landing_page_url page_path url path request_url location
    request uri link entry_page
referrer | Page that led here | any | referrer referer http_referer page_referrer referring_site referrer_url
    referring_url http_referrer
utm_source | Source (utm_source) | any | utm_source source traffic_source campaign_source session_source
utm_medium | Medium (utm_medium) | any | utm_medium medium campaign_medium session_medium
utm_campaign | Campaign (utm_campaign) | any | utm_campaign campaign campaign_name session_campaign
id | Id of the visit | id | visit_id event_id hit_id pageview_id id native_id
network | Network | words | network platform
source | Site | any | site host hostname domain instance
"""
)

_FEEDBACK = _fields(
    """
csat | Satisfaction, 1 to 5 | csat | csat csat_score satisfaction satisfaction_score customer_satisfaction
    satisfaction_rating rating stars score
nps | Likelihood to recommend, 0 to 10 | nps | nps nps_score likelihood_to_recommend would_recommend recommend
    how_likely recommendation_score rating score
choice | Answer chosen in a poll | words | choice poll_choice chosen chosen_option selected_option option vote
    poll_answer
time | Answered at | time | answered_at responded_at submitted_at response_date survey_date submitted created_at date
    time timestamp completed_at created datetime occurred_at
id | Id of the answer | id | response_id answer_id feedback_id survey_response_id submission_id id native_id
person | Id of the person | id | person_id customer_id contact_id user_id respondent_id respondent user customer
    requester_id
email | E-mail address | email | email e_mail email_address customer_email respondent_email mail contact_email
verified | Is the e-mail address confirmed? | flag | email_verified verified is_verified confirmed email_confirmed
name | Name | any | name customer_name full_name respondent_name contact_name
comment | Comment | any | comment comments feedback remark reason text verbatim message note free_text
    why explanation
about | Id of the post or case that it is about | id | about about_id case_id conversation_id post_id ticket_id
    thread_id topic_id
"""
    + _PLACE
)

POSTS, PEOPLE, ORGANISATIONS, DEALS = "posts", "people", "organisations", "deals"
ORDERS, VISITS, FEEDBACK = "orders", "visits", "feedback"

KINDS: dict[str, TableKind] = {
    kind.name: kind
    for kind in (
        TableKind(POSTS, "Posts", "import", _POSTS, (("text", "title"), ("time",))),
        TableKind(PEOPLE, "People", "crm", _PEOPLE, (("email", "id", "handle"),)),
        TableKind(ORGANISATIONS, "Organisations", "crm", _ORGANISATIONS, (("name",),)),
        TableKind(DEALS, "Deals", "crm", _DEALS, (("id", "name"), ("stage", "won", "stages", "amount"))),
        TableKind(ORDERS, "Orders", "shop", _ORDERS, (("amount",), ("time",))),
        TableKind(VISITS, "Visits", "web", _VISITS, (("time",), ("visitor", "email"))),
        TableKind(FEEDBACK, "Feedback", "survey", _FEEDBACK, (("csat", "nps", "choice"), ("time",))),
    )
}
#: Other words for the kinds.
ALIASES = {
    "post": POSTS,
    "contacts": PEOPLE,
    "contact": PEOPLE,
    "person": PEOPLE,
    "organizations": ORGANISATIONS,
    "organization": ORGANISATIONS,
    "organisation": ORGANISATIONS,
    "companies": ORGANISATIONS,
    "deal": DEALS,
    "opportunities": DEALS,
    "order": ORDERS,
    "visit": VISITS,
}

#: What objects that describe an author are called, and field -> what they call it.
ACCOUNTS = frozenset(
    ["user", "author", "from", "sender", "account", "owner", "profile", "poster", "member", "created_by"]
)
ACCOUNT_PARTS: dict[str, tuple[str, ...]] = {
    "author": ("id_str", "id", "user_id", "uid", "uuid", "did"),
    "author_handle": ("screen_name", "handle", "username", "login", "acct", "nickname", "slug"),
    "author_name": ("display_name", "name", "full_name", "real_name"),
    "location": ("location", "city", "country"),
    "followers": ("followers_count", "followers", "follower_count"),
}
#: Names that say too little at the end of a path: what ``place.name`` names is no author.
TOO_COMMON = frozenset(
    ["id", "name", "url", "uri", "link", "description", "type", "kind", "category", "user", "from", "title", "note"]
)

#: Where addresses lead -> the network.
NETWORKS = {
    "twitter.com": "twitter",
    "x.com": "twitter",
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "linkedin.com": "linkedin",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "reddit.com": "reddit",
    "tiktok.com": "tiktok",
    "bsky.app": "bluesky",
}
#: The source of a network that has but one, where a file names none.
NETWORK_SOURCES = {"twitter": "twitter.com", "reddit": "reddit.com"}
