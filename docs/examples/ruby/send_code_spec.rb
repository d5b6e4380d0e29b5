require "aws-sdk-pinpointsmsvoicev2"
require "json"
require "net/http"

EMULATOR = "http://127.0.0.1:7670"

RSpec.describe "sending a code" do
  let(:sms) do
    Aws::PinpointSMSVoiceV2::Client.new(
      region: "us-east-1",
      endpoint: EMULATOR,
      access_key_id: "any",
      secret_access_key: "any",
    )
  end

  # The code under test.
  def send_code(phone_number, code)
    sms.send_text_message(
      destination_phone_number: phone_number,
      origination_identity: "+12065550100",
      message_body: "Your code is #{code}",
    )
  end

  def post(path, body = {})
    Net::HTTP.post(URI("#{EMULATOR}/_emulator/#{path}"), body.to_json)
  end

  before do
    post("reset")
    post("numbers", phone_number: "+12065550100")
  end

  it "arrives" do
    send_code("+14255550123", "482913")

    query = "recipient=%2B14255550123&wait_seconds=5"
    message = JSON.parse(Net::HTTP.get(URI("#{EMULATOR}/_emulator/messages/latest?#{query}")))
    expect(message["codes"]).to eq ["482913"]
  end

  it "does not go to a recipient who opted out" do
    post("inbound", sender: "+14255550123", recipient: "+12065550100", body: "STOP")

    expect { send_code("+14255550123", "482913") }
      .to raise_error(Aws::PinpointSMSVoiceV2::Errors::ConflictException) { |refused|
        expect(refused.reason).to eq "DESTINATION_PHONE_NUMBER_OPTED_OUT"
      }
  end
end
