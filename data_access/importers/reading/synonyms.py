"""What columns are called that hold a field of a post. Lower case, words joined by _, the surest first."""

_NAMES = {
    "id": "id post_id tweet_id status_id message_id comment_id id_str native_id uuid guid",
    "text": """text full_text message body content tweet tweet_text post_text comment_text comment selftext caption
        description review_text review msg snippet note""",
    "title": "title subject headline topic_title thread_title",
    "author": "author_id user_id from_id sender_id profile_id account_id author user from sender owner_id",
    "author_handle": """author_handle handle screen_name username user_name login author_username from_username
        nickname""",
    "author_name": """author_name display_name full_name real_name name sender_name from_name user_display_name
        customer_name""",
    "time": """time created_at occurred_at timestamp created_time created_utc date datetime date_time published_at
        posted_at created published pub_date tweet_created post_date sent_at time_stamp created_date creation_date
        publish_time ts created_timestamp posted date_posted taken_at""",
    "parent": """parent parent_id in_reply_to_id in_reply_to_status_id in_reply_to_tweet_id reply_to_id in_reply_to
        reply_to reply_to_message_id in_response_to_tweet_id""",
    "url": "url permalink link post_url tweet_url permalink_url permanent_link post_link uri",
    "likes": """likes like_count likes_count favorite_count favourites_count favorites favourites favorite reactions
        reaction_count upvotes ups public_metrics_like_count""",
    "shares": "shares share_count shares_count retweet_count retweets reblogs_count reposts repost_count",
    "replies": """replies reply_count replies_count comments comment_count comments_count num_comments
        number_of_comments""",
    "views": "views view_count views_count impressions impression_count video_views plays",
    "reach": "reach unique_impressions people_reached unique_views impressions_unique",
    "language": "language lang language_code locale",
    "channel": "channel channel_name page page_name subreddit group group_name forum category room board",
    "brand": "brand brand_name company airline",
    "network": "network platform social_network service",
    "source": "instance workspace",
    "kind": "kind post_type message_type content_type",
    "location": "location user_location author_location tweet_location place city country",
    "followers": "followers followers_count follower_count user_followers author_followers",
    "inbound": "inbound is_inbound incoming",
    "is_team": "is_team from_team outbound is_employee is_staff by_us",
}
#: Field -> names of columns that hold it.
SYNONYMS: dict[str, tuple[str, ...]] = {field: tuple(names.split()) for field, names in _NAMES.items()}

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
