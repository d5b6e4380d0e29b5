"""The seed file that `seed init` writes, as a start."""

from __future__ import annotations

from typing import Final

STARTER: Final = """\
# Resources that the emulator starts with: pinpoint-sms-emu serve --seed-file FILE
#
# The names are those of the API in snake case; `pinpoint-sms-emu seed check FILE` lists mistakes.
# Resources outside of [[accounts]] belong to account 123456789012 in us-east-1.

[[opt_out_lists]]
opt_out_list_name = "Marketing"
opted_out_numbers = ["+14255550199"]

# A number of your choice, which is ACTIVE at once. Its country is derived from the number.
[[phone_numbers]]
phone_number = "+12065550100"
phone_number_id = "phone-main"
number_type = "TOLL_FREE"
opt_out_list_name = "Marketing"
keywords = [{ keyword = "YES", keyword_message = "Thank you" }]

[[sender_ids]]
sender_id = "ACME"
iso_country_code = "DE"

[[pools]]
pool_id = "pool-main"
origination_identities = ["+12065550100"]
opt_out_list_name = "Marketing"

[[configuration_sets]]
configuration_set_name = "Default"
default_message_type = "TRANSACTIONAL"

[[configuration_sets.event_destinations]]
event_destination_name = "everything"
matching_event_types = ["ALL"]
sns_destination = { topic_arn = "arn:aws:sns:us-east-1:123456789012:messages" }

# Needed with --account-tier SANDBOX, where only verified numbers get messages.
# [[verified_destination_numbers]]
# destination_phone_number = "+14255550100"

# In US dollars a month.
# [spend_limit_overrides]
# text = 50

# Another account, or another Region, has the same sections.
# [[accounts]]
# account_id = "210987654321"
# region = "eu-west-1"
#
# [[accounts.phone_numbers]]
# phone_number = "+447700900123"
"""
