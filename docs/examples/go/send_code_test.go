package sendcode

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"
)

var emulator = os.Getenv("AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2")

// sendCode is the code under test.
func sendCode(client *sms.Client, phoneNumber, code string) error {
	_, err := client.SendTextMessage(context.Background(), &sms.SendTextMessageInput{
		DestinationPhoneNumber: &phoneNumber,
		OriginationIdentity:    aws.String("+12065550100"),
		MessageBody:            aws.String("Your code is " + code),
	})
	return err
}

// post asks the emulator to do something.
func post(t *testing.T, path, body string) {
	t.Helper()
	response, err := http.Post(emulator+"/_emulator/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode >= 300 {
		t.Fatal(path, response.Status)
	}
}

func newClient(t *testing.T) *sms.Client {
	post(t, "reset", "{}")
	post(t, "numbers", `{"phone_number": "+12065550100"}`)
	return sms.New(sms.Options{
		Region:      "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("any", "any", ""),
		// With a current SDK: BaseEndpoint: &emulator
		EndpointResolver: sms.EndpointResolverFromURL(emulator),
	})
}

func TestTheCodeArrives(t *testing.T) {
	client := newClient(t)
	if err := sendCode(client, "+14255550123", "482913"); err != nil {
		t.Fatal(err)
	}

	response, err := http.Get(emulator + "/_emulator/messages/latest?recipient=%2B14255550123&wait_seconds=5")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var message struct{ Codes []string }
	if err := json.NewDecoder(response.Body).Decode(&message); err != nil {
		t.Fatal(err)
	}
	if len(message.Codes) != 1 || message.Codes[0] != "482913" {
		t.Fatalf("the text has the codes %v", message.Codes)
	}
}

func TestARecipientWhoOptedOutGetsNoText(t *testing.T) {
	client := newClient(t)
	post(t, "inbound", `{"sender": "+14255550123", "recipient": "+12065550100", "body": "STOP"}`)

	err := sendCode(client, "+14255550123", "482913")

	var conflict *types.ConflictException
	if !errors.As(err, &conflict) {
		t.Fatal(err)
	}
	if conflict.Reason != types.ConflictExceptionReasonDestinationPhoneNumberOptedOut {
		t.Fatal(conflict.Reason)
	}
}
