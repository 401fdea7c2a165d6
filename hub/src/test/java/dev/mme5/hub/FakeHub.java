package dev.mme5.hub;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A hub on this machine that speaks the protocol over plain sockets, and fails on demand: a {@link Fault} sees each answer
 * before it is sent and may change it. Large files are on another port, as on the real hub's storage hosts.
 */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** A request as it came. */
    record Request(String method, String target, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        String path() {
            int query = target.indexOf('?');
            return query < 0 ? target : target.substring(0, query);
        }

        boolean isRange() {
            return headers.containsKey("range");
        }
    }

    /** An answer, and how it is to go wrong. */
    static final class Reply {
        int status;
        final Map<String, String> headers = new LinkedHashMap<>();
        byte[] bytes = {};
        Path file;
        long offset;
        long length;
        /** Sends this many bytes of the body and breaks off; -1 for all. */
        long cutAfter = -1;
        /** Sends this many bytes and then nothing, with the connection open; -1 for never. */
        long stallAfter = -1;
        int pauseMillis;
        boolean isEndless;

        static Reply of(int status) {
            Reply reply = new Reply();
            reply.status = status;
            reply.headers.put("Content-Length", "0");
            return reply;
        }

        Reply with(String name, String value) {
            headers.put(name, value);
            return this;
        }

        Reply without(String name) {
            headers.remove(name);
            return this;
        }

        Reply body(byte[] data) {
            bytes = data;
            offset = 0;
            length = data.length;
            return with("Content-Length", Long.toString(length));
        }
    }

    /** Changes an answer; isStorage tells the two hosts apart. */
    @FunctionalInterface
    interface Fault {
        Reply on(Request request, Reply normal, boolean isStorage) throws Exception;
    }

    /** A file of the repository. */
    record Entry(byte[] bytes, Path file, long size, String etag, boolean isLarge) {}

    final List<Request> hubRequests = new CopyOnWriteArrayList<>();
    final List<Request> storageRequests = new CopyOnWriteArrayList<>();
    final AtomicLong storageBytes = new AtomicLong();
    final Map<String, Entry> files = new ConcurrentHashMap<>();
    volatile Fault fault = (request, normal, isStorage) -> normal;
    volatile String repository = "acme/tiny";
    volatile boolean listsBlobs = true;
    volatile String branchCommit = COMMIT;

    private final ServerSocketChannel hub = listen();
    private final ServerSocketChannel storage = listen();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong signature = new AtomicLong();

    FakeHub() throws IOException {
        Thread.ofPlatform().daemon().start(() -> accept(hub, false));
        Thread.ofPlatform().daemon().start(() -> accept(storage, true));
    }

    private static ServerSocketChannel listen() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        return server;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.socket().getLocalPort());
    }

    URI storageEndpoint() {
        return URI.create("http://127.0.0.1:" + storage.socket().getLocalPort());
    }

    // --- the repository ---

    void small(String name, String text) {
        small(name, text.getBytes(StandardCharsets.UTF_8));
    }

    void small(String name, byte[] bytes) {
        byte[] head = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
        files.put(name, new Entry(bytes, null, bytes.length, hex("SHA-1", head, bytes), false));
    }

    void large(String name, byte[] bytes) {
        files.put(name, new Entry(bytes, null, bytes.length, hex("SHA-256", bytes), true));
    }

    void large(String name, Path file, long size, String sha256) {
        files.put(name, new Entry(null, file, size, sha256, true));
    }

    /** A model with one file of weights. */
    void tinyModel(byte[] weights) {
        small("config.json", "{\"model_type\":\"tiny\"}");
        small("tokenizer.json", "{}");
        small("tokenizer_config.json", "{}");
        small("README.md", "# tiny\n");
        small("modeling_tiny.py", "import os\n");
        small(".gitattributes", "*.safetensors filter=lfs\n");
        large("pytorch_model.bin", new byte[1000]);
        large("model.safetensors", weights);
    }

    static String hex(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) digest.update(part);
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    int requests() {
        return hubRequests.size() + storageRequests.size();
    }

    void forgetRequests() {
        hubRequests.clear();
        storageRequests.clear();
        storageBytes.set(0);
    }

    // --- the protocol ---

    private Reply normal(Request request, boolean isStorage) {
        if (isStorage || request.path().startsWith("/lfs/")) return storageReply(request);
        String api = "/api/models/" + repository + "/revision/";
        if (request.path().startsWith(api)) {
            String revision = request.path().substring(api.length());
            if (!revision.equals("main") && !revision.equals(branchCommit)) {
                return Reply.of(404).with("X-Error-Code", "RevisionNotFound");
            }
            return Reply.of(200).body(listing().getBytes(StandardCharsets.UTF_8));
        }
        String resolve = "/" + repository + "/resolve/";
        if (!request.path().startsWith(resolve)) return Reply.of(404).with("X-Error-Code", "RepoNotFound");
        String rest = request.path().substring(resolve.length());
        String name = rest.substring(rest.indexOf('/') + 1);
        Entry entry = files.get(name);
        if (entry == null) return Reply.of(404).with("X-Error-Code", "EntryNotFound").with("X-Repo-Commit", branchCommit);
        if (entry.isLarge()) {
            return Reply.of(302).with("Location", storageEndpoint() + "/lfs/" + name + "?signature=" + signature.incrementAndGet())
                    .with("X-Repo-Commit", branchCommit).with("X-Linked-Etag", "\"" + entry.etag() + "\"")
                    .with("X-Linked-Size", Long.toString(entry.size())).with("ETag", "\"of-the-redirect\"");
        }
        return fileReply(request, entry).with("X-Repo-Commit", branchCommit).with("ETag", "W/\"" + entry.etag() + "\"");
    }

    private String listing() {
        StringBuilder siblings = new StringBuilder();
        files.forEach((name, entry) -> {
            if (!siblings.isEmpty()) siblings.append(',');
            siblings.append("{\"rfilename\":\"").append(name.replace("\\", "\\\\")).append('"');
            if (listsBlobs) {
                siblings.append(",\"size\":").append(entry.size());
                siblings.append(entry.isLarge()
                        ? ",\"blobId\":\"" + "0".repeat(40) + "\",\"lfs\":{\"sha256\":\"" + entry.etag() + "\",\"size\":" + entry.size()
                                + ",\"pointerSize\":130}"
                        : ",\"blobId\":\"" + entry.etag() + "\"");
            }
            siblings.append('}');
        });
        return "{\"id\":\"" + repository + "\",\"sha\":\"" + branchCommit + "\",\"siblings\":[" + siblings + "]}";
    }

    private Reply storageReply(Request request) {
        Entry entry = files.get(request.path().substring("/lfs/".length()));
        return entry == null ? Reply.of(404) : fileReply(request, entry);
    }

    private static Reply fileReply(Request request, Entry entry) {
        Reply reply = Reply.of(200);
        reply.bytes = entry.bytes();
        reply.file = entry.file();
        reply.length = entry.size();
        String range = request.header("Range");
        if (!range.isEmpty()) {
            String[] bounds = range.substring("bytes=".length()).split("-");
            long from = Long.parseLong(bounds[0]);
            long to = Math.min(entry.size() - 1, Long.parseLong(bounds[1]));
            if (from >= entry.size()) return Reply.of(416);
            reply.status = 206;
            reply.offset = from;
            reply.length = to - from + 1;
            reply.with("Content-Range", "bytes " + from + "-" + to + "/" + entry.size());
        }
        return reply.with("Content-Length", Long.toString(reply.length)).with("Accept-Ranges", "bytes");
    }

    // --- sockets ---

    private void accept(ServerSocketChannel server, boolean isStorage) {
        while (server.isOpen()) {
            try {
                SocketChannel socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket, isStorage));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel socket, boolean isStorage) {
        try (socket) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(socket));
            for (Request request = read(in); request != null; request = read(in)) {
                (isStorage ? storageRequests : hubRequests).add(request);
                Reply reply = fault.on(request, normal(request, isStorage), isStorage);
                if (!send(socket, request, reply, isStorage)) return;
            }
        } catch (Exception e) {
            // the client went away
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int c = in.read();
            if (c < 0) return null;
            head.write(c);
            last = last << 8 | c;
        }
        String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        String[] first = lines[0].split(" ");
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), lines[i].substring(colon + 1).strip());
        }
        URI target = URI.create(first[1]);
        if (target.getHost() != null) headers.put("asked-as-proxy-for", target.getHost());
        return new Request(first[0], first[1].replaceFirst("^http://[^/]*", ""), headers);
    }

    /** False when the connection is to be closed. */
    private boolean send(SocketChannel socket, Request request, Reply reply, boolean isStorage) throws Exception {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status + " Status\r\n");
        reply.headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        write(socket, ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)));
        if (request.method().equals("HEAD")) return true;
        if (reply.isEndless) {
            while (true) write(socket, ByteBuffer.allocate(8192));
        }
        long end = reply.cutAfter >= 0 ? Math.min(reply.cutAfter, reply.length) : reply.length;
        if (reply.stallAfter >= 0) end = Math.min(end, reply.stallAfter);
        long sent = 0;
        while (sent < end) {
            long part = Math.min(reply.pauseMillis > 0 ? 16 << 10 : 8 << 20, end - sent);
            long count = part;
            if (reply.file != null) {
                try (FileChannel channel = FileChannel.open(reply.file)) {
                    count = channel.transferTo(reply.offset + sent, part, socket);
                }
            } else {
                write(socket, ByteBuffer.wrap(reply.bytes, (int) (reply.offset + sent), (int) part));
            }
            sent += count;
            if (isStorage) storageBytes.addAndGet(count);
            if (reply.pauseMillis > 0) Thread.sleep(reply.pauseMillis);
        }
        if (reply.stallAfter >= 0) Thread.sleep(60_000);
        return reply.cutAfter < 0;
    }

    private static void write(WritableByteChannel socket, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) socket.write(bytes);
    }

    @Override
    public void close() throws IOException {
        hub.close();
        storage.close();
        for (SocketChannel socket : open) socket.close();
    }
}
