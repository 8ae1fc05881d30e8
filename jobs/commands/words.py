"""Words that options take, so that the help and the shell can say them without loading what they are of."""

#: ``data_access.exchange.FILE_FORMATS``
FILE_FORMATS = ("parquet", "csv")
#: ``metrics.attribution.RULES``
CREDIT_RULES = ("first_touch", "last_touch", "linear", "time_decay", "u_shaped", "w_shaped", "markov", "shapley")
#: ``jobs.credit_rows.CREDIT_METRICS``, ``CREDIT_BY`` and ``SALES``
CREDIT_METRICS = ("attributed_revenue", "open_pipeline")
CREDIT_BY = ("channel", "network", "layer", "campaign", "member", "influencer")
SALES = ("orders", "deals")
#: ``jobs.train.TRAINERS``
MODELS = ("customer_value", "matching")
#: ``answers.influencers.PERIODS`` and ``SCORES``
INFLUENCE_PERIODS = ("28", "90", "365", "all")
INFLUENCE_SCORES = (
    *("in_people", "pagerank", "in_strength", "betweenness", "constraint"),
    *("core", "reach", "h_index", "revenue"),
)
#: ``metrics.influence_kinds.KINDS``
INFLUENCE_KINDS = ("advocate", "detractor", "hub", "broker", "newcomer_rising", "silent_customer")
#: ``answers.graph_export.FORMATS``
GRAPH_FORMATS = ("gexf", "graphml", "csv")
