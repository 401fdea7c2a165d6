package dev.mme5.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A hub on this machine with one repository, {@code acme/tiny}. It answers what the protocol asks for and never fails. */
public final class LocalHub implements AutoCloseable {
    public static final String NAME = "acme/tiny";
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private static final Pattern REQUEST_LINE = Pattern.compile("(GET|HEAD) ([^ ?]+)\\S* HTTP/1.1");
    private static final Pattern RANGE = Pattern.compile("(?im)^range: bytes=(\\d+)-(\\d+)$");

    private final Map<String, byte[]> files = new TreeMap<>();
    private final List<String> fetched = new CopyOnWriteArrayList<>();
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));

    public LocalHub() throws IOException {
        Thread.ofPlatform().daemon().start(this::accept);
    }

    public LocalHub with(String name, byte[] bytes) {
        files.put(name, bytes);
        return this;
    }

    /** All files of a model folder, and some that a repository has for other programs. */
    public LocalHub withModel(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            for (Path file : entries.filter(Files::isRegularFile).toList()) {
                with(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return with("README.md", new byte[10]).with("modeling.py", new byte[10]).with("pytorch_model.bin", new byte[1000]);
    }

    /** The environment of a program that uses this hub and that cache. */
    public Map<String, String> environment(Path cache) {
        return Map.of("HF_ENDPOINT", "http://127.0.0.1:" + server.getLocalPort(), "HF_HUB_CACHE", cache.toString());
    }

    /** Names of the files of which bytes were sent, in the order of the requests. */
    public List<String> fetched() {
        return List.copyOf(fetched);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) answer(head, out);
        } catch (IOException e) {
            // the client went away
        }
    }

    /** The lines up to the empty one; empty at the end of the stream. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) return "";
            head.append((char) c);
        }
        return head.toString().replace("\r", "");
    }

    private void answer(String head, OutputStream out) throws IOException {
        Matcher line = REQUEST_LINE.matcher(head);
        if (!line.lookingAt()) throw new IOException("expected a request, found " + head);
        boolean wantsBody = line.group(1).equals("GET");
        String path = line.group(2);
        String resolve = "/" + NAME + "/resolve/" + COMMIT + "/";
        String listing = "/api/models/" + NAME + "/revision/";
        if (path.equals(listing + "main") || path.equals(listing + COMMIT)) {
            send(out, "200 OK", "", listing().getBytes(StandardCharsets.UTF_8), wantsBody);
        } else if (path.startsWith(resolve) && files.containsKey(path.substring(resolve.length()))) {
            file(path.substring(resolve.length()), head, out, wantsBody);
        } else {
            String code = path.startsWith(listing) ? "X-Error-Code: RevisionNotFound\r\n" : "";
            send(out, "404 Not Found", code, new byte[0], wantsBody);
        }
    }

    private String listing() {
        String siblings = files.entrySet().stream()
                .map(file -> "{\"rfilename\":\"" + file.getKey() + "\",\"size\":" + file.getValue().length + "}")
                .collect(Collectors.joining(","));
        return "{\"sha\":\"" + COMMIT + "\",\"siblings\":[" + siblings + "]}";
    }

    private void file(String name, String head, OutputStream out, boolean wantsBody) throws IOException {
        if (wantsBody) fetched.add(name);
        byte[] bytes = files.get(name);
        String headers = "ETag: \"" + sha256(bytes) + "\"\r\nX-Repo-Commit: " + COMMIT + "\r\n";
        Matcher range = RANGE.matcher(head);
        if (!range.find()) {
            send(out, "200 OK", headers, bytes, wantsBody);
            return;
        }
        int from = Integer.parseInt(range.group(1));
        int to = Integer.parseInt(range.group(2)) + 1;
        headers += "Content-Range: bytes " + from + "-" + (to - 1) + "/" + bytes.length + "\r\n";
        send(out, "206 Partial Content", headers, Arrays.copyOfRange(bytes, from, to), wantsBody);
    }

    private static void send(OutputStream out, String status, String headers, byte[] body, boolean wantsBody) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length + "\r\n" + headers + "\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        if (wantsBody) out.write(body);
        out.flush();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
