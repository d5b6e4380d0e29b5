// The scenario of tests/clients/test_clients.py, in the words of the AWS SDK for Go v2.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	ctx := context.Background()
	client := sms.New(sms.Options{
		Region:           "us-east-1",
		Credentials:      credentials.NewStaticCredentialsProvider("123456789012", "any", ""),
		EndpointResolver: sms.EndpointResolverFromURL(os.Args[1]),
	})

	number, err := client.RequestPhoneNumber(ctx, &sms.RequestPhoneNumberInput{
		IsoCountryCode:     aws.String("US"),
		MessageType:        types.MessageTypeTransactional,
		NumberCapabilities: []types.NumberCapability{types.NumberCapabilitySms},
		NumberType:         types.RequestableNumberTypeLongCode,
	})
	must(err)
	pool, err := client.CreatePool(ctx, &sms.CreatePoolInput{
		OriginationIdentity: number.PhoneNumberId,
		IsoCountryCode:      aws.String("US"),
		MessageType:         types.MessageTypeTransactional,
	})
	must(err)
	keyword, err := client.PutKeyword(ctx, &sms.PutKeywordInput{
		OriginationIdentity: pool.PoolId,
		Keyword:             aws.String("join"),
		KeywordMessage:      aws.String("Welcome"),
		KeywordAction:       types.KeywordActionAutomaticResponse,
	})
	must(err)
	sent, err := client.SendTextMessage(ctx, &sms.SendTextMessageInput{
		DestinationPhoneNumber: aws.String("+14255550101"),
		OriginationIdentity:    pool.PoolId,
		MessageBody:            aws.String(os.Args[2]),
		Context:                map[string]string{"order": "7"},
	})
	must(err)

	for _, name := range []string{"one", "two", "three"} {
		_, err = client.CreateOptOutList(ctx, &sms.CreateOptOutListInput{OptOutListName: &name})
		must(err)
	}
	lists, years := []string{}, []int{}
	pages := sms.NewDescribeOptOutListsPaginator(
		client, &sms.DescribeOptOutListsInput{MaxResults: aws.Int32(2)},
	)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		must(err)
		for _, list := range page.OptOutLists {
			lists = append(lists, *list.OptOutListName)
			years = append(years, list.CreatedTimestamp.Year())
		}
	}

	_, err = client.CreateOptOutList(ctx, &sms.CreateOptOutListInput{OptOutListName: aws.String("one")})
	var conflict *types.ConflictException
	if !errors.As(err, &conflict) {
		panic(err)
	}

	must(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"phone_number_id": *number.PhoneNumberId,
		"pool_id":         *pool.PoolId,
		"keyword":         *keyword.Keyword,
		"message_id":      *sent.MessageId,
		"lists":           lists,
		"years":           years,
		"refusal": map[string]string{
			"code":          conflict.ErrorCode(),
			"message":       *conflict.Message,
			"reason":        string(conflict.Reason),
			"resource_type": string(conflict.ResourceType),
			"resource_id":   *conflict.ResourceId,
		},
	}))
}
