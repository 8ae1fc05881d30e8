"""Small exports of CRMs, shops and web servers, made by hand: each a folder or file as its system would write it."""

from pathlib import Path

PIPELINE = {
    "sales_pipeline.csv": """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Ida Holm,LampPro,Norrby,Won,2024-01-10,2024-02-10,1200
A2,Ida Holm,Lamp Pro,Norrby,Lost,2024-01-12,2024-02-01,0
A3,Ola Berg,Lamp Mini,,Engaging,2024-02-20,,
A4,Ola Berg,Lantern,Elgtun,Prospecting,,,
A5,Ola Berg,Lamp Mini,Elgtun,Won,2024-02-01,2024-02-30,55
""",
    "accounts.csv": """account,sector,year_established,revenue,employees,office_location,subsidiary_of
Norrby,technolgy,1999,12.5,40,Norway,
Elgtun,technology,2001,9.1,12,Sweden,
Granli,technology,2004,3.3,7,Sweden,
""",
    "products.csv": "product,series,sales_price\nLamp Pro,Lamp,1250\nLamp Mini,Lamp,55\n",
    "sales_teams.csv": "sales_agent,manager,regional_office\nIda Holm,Per Dal,North\nOla Berg,Per Dal,South\n",
}

HUBSPOT_TABLES = {
    "contact.csv": """_fivetran_deleted,_fivetran_synced,id,property_email,property_firstname,property_lastname,\
property_company,property_lifecyclestage,property_hubspot_owner_id,property_hs_merged_object_ids,property_createdate
FALSE,2024-04-02 1:16:05,71,ann@lee.example,Ann,Lee,Norrby,customer,9,72;73,2024-01-01 10:00:00
FALSE,2024-04-02 1:16:05,72,ann@old.example,Ann,Lee,,,,,2023-01-01 10:00:00
TRUE,2024-04-02 1:16:05,74,gone@example.org,Gone,Away,,,,,2023-01-01 10:00:00
FALSE,2024-04-02 1:16:05,75,bo@example.org,Bo,,,lead,404,,some day
""",
    "company.csv": """id,is_deleted,_fivetran_synced,property_name,property_domain,property_industry,property_country,\
property_numberofemployees
51,false,2024-04-02 11:16:05,Norrby,norrby.example,Lighting,Norway,40
""",
    "deal.csv": """deal_id,is_deleted,deal_pipeline_id,deal_pipeline_stage_id,owner_id,property_dealname,\
property_amount,property_closedate,property_createdate
31,false,p,s2,9,Forty lamps,1200.50,2024-03-01 09:00:00,2024-01-05 09:00:00
32,false,p,s1,404,A lamp,,2024-12-31 09:00:00,2024-02-05 09:00:00
33,false,p,s1,9,Forty lamps again,,,2024-01-05 09:00:00
""",
    "deal_stage.csv": """deal_id,date_entered,_fivetran_synced,source,value
31,2024-02-28 09:00:00,2024-04-02 11:16:05,CRM,s2
31,2024-01-05 09:00:00,2024-04-02 11:16:05,CRM,s1
""",
    "deal_pipeline_stage.csv": """stage_id,pipeline_id,label,closed_won,is_closed,_fivetran_synced
s1,p,Appointment,FALSE,FALSE,2024-04-02 11:16:05
s2,p,Signed,TRUE,TRUE,2024-04-02 11:16:05
""",
    "merged_deal.csv": "deal_id,merged_deal_id,_fivetran_synced\n31,33,2024-04-02 11:16:05\n",
    "deal_contact.csv": "contact_id,deal_id,_fivetran_synced,type_id,category\n73,31,2024-04-02 4:30:42,3,HUBSPOT\n",
    "deal_company.csv": "company_id,deal_id,type_id,category\n51,31,5,HUBSPOT_DEFINED\n",
    "owner.csv": "owner_id,_fivetran_synced,email,first_name,last_name\n9,2024-04-02 1:1:1,ida@us.example,Ida,Holm\n",
    "email_event.csv": "id,_fivetran_synced,recipient,type\ne1,2024-04-02 11:16:05,ann@lee.example,OPEN\n",
}

HUBSPOT_EXPORTS = {
    "contacts.csv": """Record ID,First Name,Last Name,Email,Contact owner,Lifecycle Stage,Job Title,\
Associated Company,Associated Company IDs,Last Modified Date,City,Country/Region
71,Ann,Lee,Ann@Lee.example,Ida Holm,Customer,Buyer,Norrby,51,2024-04-01 10:00,Oslo,Norway
""",
    "companies.csv": """Record ID,Company name,Company Domain Name,Industry,Number of Employees,Country/Region
51,Norrby,norrby.example,Lighting,40,Norway
""",
    "deals.csv": '''Record ID,Deal Name,Deal Stage,Pipeline,Amount,Currency,Deal owner,Close Date,Create Date,\
"Date entered ""Appointment (Sales Pipeline)""","Date entered ""Closed Won (Sales Pipeline)""",\
Associated Contact IDs,Associated Company IDs
31,Forty lamps,Closed Won (Sales Pipeline),Sales Pipeline,"1,200.50",NOK,Ida Holm,2024-03-01 09:00,2024-01-05 09:00,\
2024-01-05 09:00,2024-03-01 09:00,71;75,51
32,A lamp,Appointment (Sales Pipeline),Sales Pipeline,55,,Ola Berg,2024-12-31 09:00,2024-02-05 09:00,\
2024-02-05 09:00,,,
34,No lamp,Closed Lost (Sales Pipeline),Sales Pipeline,some,,Ola Berg,2024-02-07 09:00,2024-02-05 09:00,,,,
''',
}

SALESFORCE = {
    "Contact.csv": """Id,IsDeleted,AccountId,FirstName,LastName,Email,Title,MailingCity,MailingCountry,OwnerId,\
CreatedDate,LastModifiedDate
003D000000AbcDE,false,001D000000IqhSL,Ann,Lee,ann@lee.example,Buyer,Oslo,Norway,005D000000UserA,\
2024-01-01T10:00:00.000Z,2024-03-01T10:00:00.000Z
003D000000Gone1,true,,Gone,Away,gone@example.org,,,,005D000000UserA,2024-01-01T10:00:00.000Z,2024-03-01T10:00:00.000Z
""",
    "Account.csv": """Id,IsDeleted,Name,Website,Industry,NumberOfEmployees,BillingCountry,OwnerId
001D000000IqhSLIAZ,false,Norrby,https://www.norrby.example/en,Lighting,40,Norway,005D000000UserA
""",
    "Opportunity.csv": """Id,IsDeleted,AccountId,Name,StageName,Amount,CurrencyIsoCode,CloseDate,IsClosed,IsWon,\
OwnerId,CreatedDate,LastModifiedDate
006D000000Deal1,false,001D000000IqhSL,Forty lamps,Signed,1200.5,NOK,2024-03-01,true,true,005D000000UserA,\
2024-01-05T09:00:00.000Z,2024-03-01T10:00:00.000Z
006D000000Deal2,false,001D000000IqhSL,A lamp,Proposal,55,,2024-12-31,false,false,005D000000UserB,\
2024-02-05T09:00:00.000Z,2024-02-06T10:00:00.000Z
what,false,,A lamp,Proposal,55,,2024-12-31,false,false,,2024-02-05T09:00:00.000Z,2024-02-06T10:00:00.000Z
""",
    "OpportunityHistory.csv": """Id,OpportunityId,StageName,Amount,CloseDate,CreatedDate
008D000000Hist2,006D000000Deal1,Signed,1200.5,2024-03-01,2024-02-28T09:00:00.000Z
008D000000Hist1,006D000000Deal1,Proposal,900,2024-03-01,2024-01-05T09:00:00.000Z
008D000000Hist3,006D000000Deal1,Proposal,1200.5,2024-03-01,2024-01-06T09:00:00.000Z
""",
    "OpportunityContactRole.csv": """Id,OpportunityId,ContactId,Role,IsPrimary,IsDeleted
00KD000000Role1,006D000000Deal1,003D000000AbcDE,Buyer,true,false
""",
    "User.csv": "Id,Username,Email,Name\n005D000000UserA,ida@us.example,ida@us.example,Ida Holm\n",
}

SHOPIFY = {
    "orders_export.csv": """Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,\
Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Billing City,Cancelled at,Refunded Amount,Id,\
Outstanding Balance
#1001,Ann@lee.example,partially_refunded,2024-03-02 10:00:00 +0100,NOK,1200.00,50.00,0.00,1250.00,\
2024-03-01 10:00:00 +0100,2,Lamp Pro,600.00,Ann Lee,Oslo,,100.00,5001,0.00
#1001,Ann@lee.example,,,,,,,,2024-03-01 10:00:00 +0100,1,Lamp Mini,50.00,,,,,,
#1002,bo@example.org,pending,,NOK,55.00,0.00,0.00,55.00,2024-03-03 10:00:00 +0100,1,Lamp Mini,55.00,Bo Ek,,,0.00,5002,\
55.00
#1003,,refunded,2024-03-04 10:00:00 +0100,NOK,55.00,0.00,0.00,55.00,2024-03-04 10:00:00 +0100,1,Lamp Mini,55.00,,,\
2024-03-09 10:00:00 +0100,55.00,5003,0.00
#1004,bo@example.org,paid,2024-03-05 10:00:00 +0100,NOK,55.00,0.00,0.00,much,2024-03-05 10:00:00 +0100,1,Lamp Mini,\
55.00,Bo Ek,,,0.00,5004,0.00
""",
}

STRIPE = {
    "unified_payments.csv": """id,Created (UTC),Amount,Amount Refunded,Currency,Captured,Description,Status,Mode,\
Customer ID,Customer Email,Refunded date (UTC)
ch_1,2024-03-01 10:00:00,1250.00,100.00,usd,TRUE,Lamp Pro,Paid,Live,cus_1,ann@lee.example,2024-03-08 10:00:00
ch_2,2024-03-01 11:00:00,55.00,0.00,usd,FALSE,Lamp Mini,Failed,Live,cus_2,bo@example.org,
ch_3,2024-03-02 11:00:00,5500,5500,jpy,TRUE,Lamp Mini,Refunded,Live,,bo@example.org,
ch_4,2024-03-02 11:00:00,5500,0,zzz,TRUE,Lamp Mini,Paid,Live,,bo@example.org,
ch_5,2024-03-02 11:00:00,some,0,usd,TRUE,Lamp Mini,Paid,Live,,bo@example.org,
""",
}

CDNOW_MASTER = {
    "master.txt": """ customer_id  date number_of_cds  dollar_value
 00001 19970101  1   11.77
 00002 19970112  1   12.00
 00002 19970112  5   77.00
 00002 19970113  x   77.00
"""
}
CDNOW_SAMPLE = {"sample.txt": " 00002 0001 19970112  1   12.00\n 00002 0001 19970112  5   77.00\n"}

ACCESS_LOG = {
    "access.log": r"""192.0.2.1 - - [01/Mar/2024:10:00:00 +0100] "GET /lamps?utm_source=news&utm_medium=email&utm_campaign=spring HTTP/1.1" 200 512 "https://mail.example/" "Mozilla/5.0 (X11; \"Linux\")" "v-17"
192.0.2.1 - ann [01/Mar/2024:10:01:00 +0100] "GET /club HTTP/1.1" 200 512 "-" "Mozilla/5.0" "-"
192.0.2.1 - - [01/Mar/2024:10:01:01 +0100] "GET /lamp.css HTTP/1.1" 200 12 "-" "Mozilla/5.0" "v-17"
192.0.2.9 - - [01/Mar/2024:10:02:00 +0100] "GET /lamps HTTP/1.1" 200 512 "-" "Examplebot/2.1 bot" "v-18"
192.0.2.2 - - [01/Mar/2024:10:03:00 +0100] "GET /lamps HTTP/1.1" 200 512 "-" "Mozilla/5.0" "-"
192.0.2.2 - - [01/Mar/2024:10:04:00 +0100] nonsense
"""  # noqa: E501
}

#: Every export above by the name of its format.
EXPORTS = {
    "maven_crm": PIPELINE,
    "hubspot tables": HUBSPOT_TABLES,
    "hubspot exports": HUBSPOT_EXPORTS,
    "salesforce": SALESFORCE,
    "shopify_orders": SHOPIFY,
    "stripe_charges": STRIPE,
    "cdnow": CDNOW_MASTER,
    "cdnow sample": CDNOW_SAMPLE,
    "access_log": ACCESS_LOG,
}


def save(folder: Path, files: dict[str, str]) -> Path:
    """Write an export's files; returns their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder
