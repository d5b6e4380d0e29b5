import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.pinpointsmsvoicev2.PinpointSmsVoiceV2Client;
import software.amazon.awssdk.services.pinpointsmsvoicev2.model.ConflictException;

@Testcontainers
class SendCodeTest {
    @Container
    static final GenericContainer<?> emulator =
            new GenericContainer<>("pinpoint-sms-emu")
                    .withExposedPorts(7670)
                    .waitingFor(Wait.forHttp("/_emulator/health"));

    private final HttpClient http = HttpClient.newHttpClient();
    private PinpointSmsVoiceV2Client sms;

    private static String url() {
        return "http://" + emulator.getHost() + ":" + emulator.getMappedPort(7670);
    }

    private void post(String path, String body) throws Exception {
        URI uri = URI.create(url() + "/_emulator/" + path);
        http.send(
                HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    @BeforeEach
    void addNumber() throws Exception {
        post("reset", "{}");
        post("numbers", "{\"phone_number\": \"+12065550100\"}");
        sms =
                PinpointSmsVoiceV2Client.builder()
                        .endpointOverride(URI.create(url()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("any", "any")))
                        .build();
    }

    /** The code under test. */
    private void sendCode(String phoneNumber, String code) {
        sms.sendTextMessage(
                request ->
                        request.destinationPhoneNumber(phoneNumber)
                                .originationIdentity("+12065550100")
                                .messageBody("Your code is " + code));
    }

    @Test
    void theCodeArrives() throws Exception {
        sendCode("+14255550123", "482913");

        String query = "messages/latest?recipient=%2B14255550123&wait_seconds=5";
        URI uri = URI.create(url() + "/_emulator/" + query);
        String message =
                http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        assertTrue(message.contains("482913"));
    }

    @Test
    void aRecipientWhoOptedOutGetsNoText() throws Exception {
        post("inbound", "{\"sender\": \"+14255550123\", \"recipient\": \"+12065550100\", \"body\": \"STOP\"}");

        ConflictException refused =
                assertThrows(ConflictException.class, () -> sendCode("+14255550123", "482913"));

        assertEquals("DESTINATION_PHONE_NUMBER_OPTED_OUT", refused.reasonAsString());
    }
}
