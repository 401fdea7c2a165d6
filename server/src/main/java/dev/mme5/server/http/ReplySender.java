package dev.mme5.server.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Sends a reply: with its length when it is short, else in chunks while it is written. */
final class ReplySender extends OutputStream {
    private static final int MAX_BUFFERED = 1 << 16;

    /** A client that is refused while it sends must be let finish, or it sees a broken connection in place of the refusal. */
    private static final long MAX_DRAINED = 256L << 20;

    private final HttpExchange exchange;
    private final Reply reply;
    private final Runnable progress;
    private ByteArrayOutputStream buffered = new ByteArrayOutputStream(1024);
    private OutputStream out;
    private long headLength;

    private ReplySender(HttpExchange exchange, Reply reply, Runnable progress) {
        this.exchange = exchange;
        this.reply = reply;
        this.progress = progress;
    }

    /**
     * Sends all of it.
     *
     * @param drains whether the rest of the request's body is read before the connection is closed
     * @param isBodyBroken whether the request's body cannot be read to its end
     * @param progress called before each part is sent
     * @return whether the exchange is complete; if not, because the body is broken, the caller must end it by an exception
     */
    static boolean send(HttpExchange exchange, Reply reply, boolean drains, boolean isBodyBroken, Runnable progress) throws IOException {
        progress.run();
        ReplySender sender = new ReplySender(exchange, reply, progress);
        reply.body().writeTo(sender);
        return sender.finish(drains, isBodyBroken);
    }

    private boolean isHead() {
        return exchange.getRequestMethod().equals("HEAD");
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (isHead()) {
            headLength += length;
            return;
        }
        if (out == null && buffered.size() + length <= MAX_BUFFERED) {
            buffered.write(bytes, offset, length);
            return;
        }
        if (out == null) {
            exchange.sendResponseHeaders(reply.status(), 0);
            out = exchange.getResponseBody();
            buffered.writeTo(out);
            buffered = null;
        }
        for (int sent = 0; sent < length; sent += MAX_BUFFERED) {
            progress.run();
            out.write(bytes, offset + sent, Math.min(MAX_BUFFERED, length - sent));
        }
    }

    private boolean finish(boolean drains, boolean isBodyBroken) throws IOException {
        if (isHead()) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(headLength));
            exchange.sendResponseHeaders(reply.status(), -1);
            return !drains && !isBodyBroken;
        }
        if (out == null) {
            int length = buffered.size();
            exchange.sendResponseHeaders(reply.status(), length == 0 ? -1 : length);
            if (length == 0) return !drains && !isBodyBroken;
            out = exchange.getResponseBody();
            buffered.writeTo(out);
        }
        if (drains || isBodyBroken) out.flush();
        if (isBodyBroken || drains && !drain()) return false;
        out.close();
        return true;
    }

    /** False when the body breaks off or cannot be read; it was refused anyway. */
    private boolean drain() {
        try {
            InputStream rest = exchange.getRequestBody();
            byte[] scratch = new byte[1 << 14];
            long drained = 0;
            for (int read = rest.read(scratch); read >= 0 && drained < MAX_DRAINED; read = rest.read(scratch)) drained += read;
            return true;
        } catch (IOException | IndexOutOfBoundsException e) {   // the latter: the JDK takes a chunk of FFFFFFFF bytes for one of -1
            return false;
        }
    }
}
