provider "aws" {
  region                      = "us-east-1"
  access_key                  = "any"
  secret_key                  = "any"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true

  endpoints {
    pinpointsmsvoicev2 = "http://127.0.0.1:7670"
    sns                = "http://127.0.0.1:7670"
  }
}

resource "aws_pinpointsmsvoicev2_opt_out_list" "marketing" {
  name = "marketing"
}

resource "aws_pinpointsmsvoicev2_phone_number" "marketing" {
  iso_country_code    = "US"
  message_type        = "TRANSACTIONAL"
  number_type         = "TOLL_FREE"
  number_capabilities = ["SMS"]
  opt_out_list_name   = aws_pinpointsmsvoicev2_opt_out_list.marketing.name
}

resource "aws_pinpointsmsvoicev2_configuration_set" "marketing" {
  name = "marketing"
}

resource "aws_sns_sms_preferences" "everyone" {
  default_sms_type = "Transactional"
}
