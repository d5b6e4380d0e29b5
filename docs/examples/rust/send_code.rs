use aws_sdk_pinpointsmsvoicev2::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_pinpointsmsvoicev2::types::ConflictExceptionReason;
use aws_sdk_pinpointsmsvoicev2::{Client, Config, Error};
use serde_json::{json, Value};

const EMULATOR: &str = "http://127.0.0.1:7670";

/// The code under test.
async fn send_code(sms: &Client, phone_number: &str, code: &str) -> Result<(), Error> {
    sms.send_text_message()
        .destination_phone_number(phone_number)
        .origination_identity("+12065550100")
        .message_body(format!("Your code is {code}"))
        .send()
        .await?;
    Ok(())
}

async fn post(path: &str, body: Value) {
    let url = format!("{EMULATOR}/_emulator/{path}");
    let response = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    assert!(response.status().is_success());
}

async fn new_client() -> Client {
    post("reset", json!({})).await;
    post("numbers", json!({"phone_number": "+12065550100"})).await;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(EMULATOR)
        .credentials_provider(Credentials::new("any", "any", None, None, "test"))
        .build();
    Client::from_conf(config)
}

// Both tests use the same emulator: run them with `cargo test -- --test-threads=1`.

#[tokio::test]
async fn the_code_arrives() {
    let sms = new_client().await;

    send_code(&sms, "+14255550123", "482913").await.unwrap();

    let query = "recipient=%2B14255550123&wait_seconds=5";
    let url = format!("{EMULATOR}/_emulator/messages/latest?{query}");
    let message: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(message["codes"], json!(["482913"]));
}

#[tokio::test]
async fn a_recipient_who_opted_out_gets_no_text() {
    let sms = new_client().await;
    let stop = json!({"sender": "+14255550123", "recipient": "+12065550100", "body": "STOP"});
    post("inbound", stop).await;

    let refused = send_code(&sms, "+14255550123", "482913").await.unwrap_err();

    let Error::ConflictException(conflict) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        conflict.reason(),
        &ConflictExceptionReason::DestinationPhoneNumberOptedOut
    );
}
