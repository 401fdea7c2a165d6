package dev.mme5.hub.net;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Questions about one repository of models, as the hub's own client asks them. Failures say what to do about them. Nothing is
 * asked twice here: see {@link RetryPolicy}.
 */
public final class HubApi {
    /** The list of ten thousand files has 3 MB; as values it takes ten times as much of the heap. */
    private static final int MAX_LISTING_BYTES = 4_000_000;

    /** An etag becomes a file's name. */
    private static final Pattern SAFE_ETAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_=+-]{0,127}");

    private final Transport transport;
    private final String repository;

    /**
     * @param repository {@code ORG/NAME}
     */
    public HubApi(Transport transport, String repository) {
        this.transport = transport;
        this.repository = repository;
    }

    /** The revision's commit and files, with sizes and digests where the server knows them. */
    public RepositoryListing listing(String revision) throws IOException, InterruptedException {
        URI address = address("/api/models/" + repository + "/revision/" + encoded(revision) + "?blobs=true");
        Transport.Answer answer = transport.get(address, MAX_LISTING_BYTES);
        if (answer.status() != 200) throw failure(answer, "revision " + revision);
        return RepositoryListing.parse(answer.body(), repository + " at " + transport.endpoint());
    }

    /** The file's etag, size, and where its bytes are now. */
    public FileMetadata metadata(String revision, String file) throws IOException, InterruptedException {
        URI address = address("/" + repository + "/resolve/" + encoded(revision) + "/" + encodedPath(file));
        Transport.Answer answer = transport.head(address);
        HttpHeaders headers = answer.headers();
        boolean isRedirect = answer.status() / 100 == 3;
        if (answer.status() / 100 != 2 && !isRedirect) throw failure(answer, file);

        Optional<String> etag = headers.firstValue("X-Linked-Etag").or(() -> headers.firstValue("ETag")).map(HubApi::plainEtag);
        if (etag.isEmpty()) {
            throw new PermanentFailure(file + ": " + transport.endpoint() + " sends no ETag, so that the file could not be checked");
        }
        if (!SAFE_ETAG.matcher(etag.get()).matches()) {
            throw new PermanentFailure(file + ": expected an etag of hex digits, found \"" + etag.get() + "\"");
        }
        Optional<String> length = headers.firstValue("X-Linked-Size");
        if (length.isEmpty() && !isRedirect) length = headers.firstValue("Content-Length");
        long size = length.filter(text -> text.matches("\\d{1,18}")).map(Long::parseLong).orElse(-1L);
        return new FileMetadata(headers.firstValue("X-Repo-Commit"), etag.get(), size, location(answer));
    }

    private URI location(Transport.Answer answer) throws PermanentFailure {
        Optional<String> location = answer.headers().firstValue("Location");
        return answer.status() / 100 == 3 && location.isPresent()
                ? transport.rules().target(answer.address(), location.get())
                : answer.address();
    }

    /** Without quotes, and without the mark of a weak one. */
    static String plainEtag(String header) {
        String text = header.strip();
        if (text.startsWith("W/")) text = text.substring(2);
        return text.replace("\"", "");
    }

    private IOException failure(Transport.Answer answer, String subject) {
        String code = answer.headers().firstValue("X-Error-Code").orElse("");
        URI endpoint = transport.endpoint();
        if (code.equals("GatedRepo")) {
            return new PermanentFailure(repository + " is gated: accept its conditions at " + endpoint + "/" + repository
                    + (transport.sendsToken()
                            ? " with the account of the token that is used"
                            : ", then set HF_TOKEN to a token of that account, or store one with \"hf auth login\""));
        }
        if (code.equals("RevisionNotFound")) {
            return new PermanentFailure(PermanentFailure.Problem.UNKNOWN_REVISION, repository + " has no " + subject);
        }
        if (code.equals("RepoNotFound")) {
            return new PermanentFailure(repository + " does not exist at " + endpoint + ", or is private: check the name"
                    + (transport.sendsToken() ? ", and what the token may read" : ", or set HF_TOKEN"));
        }
        if (code.equals("EntryNotFound")) return new PermanentFailure(repository + " has no file " + subject);
        return switch (answer.status()) {
            case 401 -> new PermanentFailure(transport.sendsToken()
                    ? endpoint + " does not accept the token for " + repository + " (401): check HF_TOKEN, or whether the name is right"
                    : repository + " does not exist at " + endpoint + ", or is private or gated (401): check the name, or set HF_TOKEN");
            case 403 -> new PermanentFailure(transport.sendsToken()
                    ? "the token may not read " + repository + " (403): ask for access at " + endpoint + "/" + repository
                            + ", or use a token with the right to read it"
                    : endpoint + " refuses " + repository + " (403): it may be gated; set HF_TOKEN, or check the proxy");
            case 404 -> new PermanentFailure(repository + ": " + subject + " not found at " + endpoint + " (404)");
            default -> transport.failure(answer.address(), answer.status(), answer.headers());
        };
    }

    private URI address(String path) {
        return URI.create(transport.endpoint() + path);
    }

    private static String encodedPath(String path) {
        StringBuilder encoded = new StringBuilder();
        for (String part : path.split("/", -1)) {
            if (!encoded.isEmpty()) encoded.append('/');
            encoded.append(encoded(part));
        }
        return encoded.toString();
    }

    /** Percent-encodes all but the unreserved characters of RFC 3986. */
    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "-._~".indexOf(b) >= 0;
            if (isPlain) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(String.format("%02X", b & 0xFF));
            }
        }
        return encoded.toString();
    }
}
