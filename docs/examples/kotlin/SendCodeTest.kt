import aws.sdk.kotlin.services.pinpointsmsvoicev2.PinpointSmsVoiceV2Client
import aws.sdk.kotlin.services.pinpointsmsvoicev2.model.ConflictException
import aws.sdk.kotlin.services.pinpointsmsvoicev2.sendTextMessage
import aws.smithy.kotlin.runtime.net.url.Url
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

class SendCodeTest {
    private val emulator = "http://127.0.0.1:7670"
    private val http = HttpClient.newHttpClient()

    // AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY may have any values.
    private val sms = PinpointSmsVoiceV2Client {
        region = "us-east-1"
        endpointUrl = Url.parse(emulator)
    }

    private fun ask(path: String, body: String? = null): String {
        val request = HttpRequest.newBuilder(URI.create("$emulator/_emulator/$path"))
        if (body != null) request.POST(HttpRequest.BodyPublishers.ofString(body))
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body()
    }

    /** The code under test. */
    private suspend fun sendCode(phoneNumber: String, code: String) {
        sms.sendTextMessage {
            destinationPhoneNumber = phoneNumber
            originationIdentity = "+12065550100"
            messageBody = "Your code is $code"
        }
    }

    @BeforeTest
    fun addNumber() {
        ask("reset", "{}")
        ask("numbers", """{"phone_number": "+12065550100"}""")
    }

    @Test
    fun theCodeArrives() = runBlocking {
        sendCode("+14255550123", "482913")

        val message = ask("messages/latest?recipient=%2B14255550123&wait_seconds=5")
        assertTrue("482913" in message)
    }

    @Test
    fun aRecipientWhoOptedOutGetsNoText() = runBlocking {
        ask("inbound", """{"sender": "+14255550123", "recipient": "+12065550100", "body": "STOP"}""")

        val refused = assertFailsWith<ConflictException> { sendCode("+14255550123", "482913") }

        assertEquals("DESTINATION_PHONE_NUMBER_OPTED_OUT", refused.reason?.value)
    }
}
