provider "aws" {
  region                      = "us-east-1"
  access_key                  = "any"
  secret_key                  = "any"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true

  endpoints {
    pinpointsmsvoicev2 = "http://127.0.0.1:7670"
  }
}

resource "aws_pinpointsmsvoicev2_opt_out_list" "marketing" {
  name = "marketing"
}
