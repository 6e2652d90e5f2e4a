// Receives webhooks, and answers 401 to calls that are not genuine. Java 11 or newer.
// Run: java Verify.java

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Verify {
    private static final String SECRET = "your shared secret";
    private static final long TOLERANCE_SECONDS = 300;

    /** Checks webhook-signature. The time is signed too: an old call cannot be sent again. */
    static boolean verifyStandard(Headers headers, byte[] body) {
        String timestamp = first(headers, "webhook-timestamp");
        if (!timestamp.matches("[0-9]{1,12}")) return false;
        long age = System.currentTimeMillis() / 1000 - Long.parseLong(timestamp);
        if (Math.abs(age) > TOLERANCE_SECONDS) return false;

        byte[] key = SECRET.startsWith("whsec_")
                ? Base64.getDecoder().decode(SECRET.substring(6)) : SECRET.getBytes(UTF_8);
        String head = first(headers, "webhook-id") + "." + timestamp + ".";
        byte[] digest = hmac(key, head.getBytes(UTF_8), body);
        String expected = "v1," + Base64.getEncoder().encodeToString(digest);
        // While the secret is being changed there are two signatures.
        for (String given : first(headers, "webhook-signature").split(" ")) {
            if (isSame(given, expected)) return true;
        }
        return false;
    }

    /** Checks X-Nexudus-Hook-Signature, if called instead. The body alone is signed. */
    static boolean verifyNexudus(Headers headers, byte[] body) {
        byte[] digest = hmac(SECRET.getBytes(UTF_8), body);
        String expected = String.format("%064X", new BigInteger(1, digest));
        return isSame(first(headers, "X-Nexudus-Hook-Signature"), expected);
    }

    private static String first(Headers headers, String name) {
        return Objects.requireNonNullElse(headers.getFirst(name), "");
    }

    private static boolean isSame(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(UTF_8), expected.getBytes(UTF_8));
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) mac.update(part);
            return mac.doFinal();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("Every Java has HmacSHA256", impossible);
        }
    }

    private static void receive(HttpExchange exchange) throws IOException {
        // The bytes that were signed, before anything parses them.
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean genuine = verifyStandard(exchange.getRequestHeaders(), body);
        if (genuine) {
            // Keep the record, then answer, then work on it.
            String action = first(exchange.getRequestHeaders(), "posthorn-action");
            System.out.println(action + " " + new String(body, UTF_8));
        }
        exchange.sendResponseHeaders(genuine ? 204 : 401, -1);
        exchange.close();
    }

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
        server.createContext("/", Verify::receive);
        server.start();
        System.out.println("Receiving at http://127.0.0.1:" + server.getAddress().getPort());
    }
}
