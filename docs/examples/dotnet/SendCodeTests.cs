using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using Amazon.PinpointSMSVoiceV2;
using Amazon.PinpointSMSVoiceV2.Model;
using Amazon.Runtime;
using Xunit;

public class SendCodeTests : IAsyncLifetime
{
    private const string Emulator = "http://127.0.0.1:7670";

    private readonly HttpClient http = new();
    private readonly AmazonPinpointSMSVoiceV2Client sms = new(
        new BasicAWSCredentials("any", "any"),
        new AmazonPinpointSMSVoiceV2Config
        {
            ServiceURL = Emulator,
            AuthenticationRegion = "us-east-1",
        });

    public async Task InitializeAsync()
    {
        await Post("reset", "{}");
        await Post("numbers", """{"phone_number": "+12065550100"}""");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task TheCodeArrives()
    {
        await SendCode("+14255550123", "482913");

        var message = await http.GetStringAsync(
            $"{Emulator}/_emulator/messages/latest?recipient=%2B14255550123&wait_seconds=5");
        Assert.Contains("482913", message);
    }

    [Fact]
    public async Task ARecipientWhoOptedOutGetsNoText()
    {
        await Post("inbound", """{"sender": "+14255550123", "recipient": "+12065550100", "body": "STOP"}""");

        var refused = await Assert.ThrowsAsync<ConflictException>(
            () => SendCode("+14255550123", "482913"));

        Assert.Equal("DESTINATION_PHONE_NUMBER_OPTED_OUT", refused.Reason.Value);
    }

    // The code under test.
    private Task SendCode(string phoneNumber, string code) =>
        sms.SendTextMessageAsync(new SendTextMessageRequest
        {
            DestinationPhoneNumber = phoneNumber,
            OriginationIdentity = "+12065550100",
            MessageBody = $"Your code is {code}",
        });

    private async Task Post(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync($"{Emulator}/_emulator/{path}", content);
        response.EnsureSuccessStatusCode();
    }
}
