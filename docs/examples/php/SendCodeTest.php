<?php

use Aws\Exception\AwsException;
use Aws\PinpointSMSVoiceV2\PinpointSMSVoiceV2Client;
use PHPUnit\Framework\TestCase;

final class SendCodeTest extends TestCase
{
    private const EMULATOR = 'http://127.0.0.1:7670';

    private PinpointSMSVoiceV2Client $sms;

    protected function setUp(): void
    {
        $this->post('reset', []);
        $this->post('numbers', ['phone_number' => '+12065550100']);
        $this->sms = new PinpointSMSVoiceV2Client([
            'region' => 'us-east-1',
            'version' => 'latest',
            'endpoint' => self::EMULATOR,
            'credentials' => ['key' => 'any', 'secret' => 'any'],
        ]);
    }

    public function testTheCodeArrives(): void
    {
        $this->sendCode('+14255550123', '482913');

        $url = self::EMULATOR . '/_emulator/messages/latest?recipient=%2B14255550123&wait_seconds=5';
        $message = json_decode(file_get_contents($url), true);
        self::assertSame(['482913'], $message['codes']);
    }

    public function testARecipientWhoOptedOutGetsNoText(): void
    {
        $this->post('inbound', [
            'sender' => '+14255550123',
            'recipient' => '+12065550100',
            'body' => 'STOP',
        ]);

        try {
            $this->sendCode('+14255550123', '482913');
            self::fail('The text was accepted.');
        } catch (AwsException $refused) {
            self::assertSame('ConflictException', $refused->getAwsErrorCode());
            self::assertSame('DESTINATION_PHONE_NUMBER_OPTED_OUT', $refused->get('Reason'));
        }
    }

    /** The code under test. */
    private function sendCode(string $phoneNumber, string $code): void
    {
        $this->sms->sendTextMessage([
            'DestinationPhoneNumber' => $phoneNumber,
            'OriginationIdentity' => '+12065550100',
            'MessageBody' => "Your code is $code",
        ]);
    }

    private function post(string $path, array $body): void
    {
        $options = ['method' => 'POST', 'content' => json_encode((object) $body)];
        file_get_contents(
            self::EMULATOR . "/_emulator/$path",
            false,
            stream_context_create(['http' => $options]),
        );
    }
}
