package dev.mme5.cli;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.hub.HubSettings;
import dev.mme5.hub.ModelHub;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs the command inside the test, with streams of its own. */
public final class Cli {
    public static final Path GOLDEN = Path.of("engine/src/test/resources/golden").toAbsolutePath();
    public static final Path MODEL = GOLDEN.resolve("models/a-bf16-hub");
    public static final Path IMAGE = GOLDEN.resolve("images/grey_40x40.png");
    public static final Path OTHER_IMAGE = GOLDEN.resolve("images/palette_50x31.png");

    private InputStream in = InputStream.nullInputStream();
    private OutputStream out;
    private Path folder = Path.of("").toAbsolutePath();
    private String model = MODEL.toString();
    private Map<String, String> environment = Map.of("HF_HUB_CACHE", "/no-cache", "HF_HUB_OFFLINE", "1");
    private boolean terminal;
    private int columns;
    private String terminalImages = "";

    /** What a run left behind. */
    public record Ran(int status, byte[] bytes, String err) {
        public String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public List<String> lines() {
            return out().lines().toList();
        }

        public List<JsonObject> json() {
            return out().lines().map(line -> JsonReader.parseObject(line.getBytes(StandardCharsets.UTF_8), "stdout")).toList();
        }
    }

    public static Ran run(String... args) {
        return new Cli().start(args);
    }

    public Cli stdin(String text) {
        return stdin(text.getBytes(StandardCharsets.UTF_8));
    }

    public Cli stdin(byte[] bytes) {
        return stdin(new ByteArrayInputStream(bytes));
    }

    public Cli stdin(InputStream stream) {
        in = stream;
        return this;
    }

    public Cli stdout(OutputStream stream) {
        out = stream;
        return this;
    }

    public Cli folder(Path path) {
        folder = path;
        return this;
    }

    public Cli model(Path path) {
        return model(path.toString());
    }

    public Cli model(String name) {
        model = name;
        return this;
    }

    /** What the hub reads of the environment; without this, it is offline and has no cache. */
    public Cli environment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    public Cli onTerminal() {
        terminal = true;
        return this;
    }

    /** @param images how stdout, a terminal, shows images */
    public Cli onTerminal(int width, String images) {
        columns = width;
        terminalImages = images;
        return this;
    }

    public Ran start(String... args) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CommandContext context = new CommandContext(
                in,
                out == null ? written : out,
                new PrintStream(err, false, StandardCharsets.UTF_8),
                folder,
                model,
                () -> ModelHub.of(HubSettings.of(environment, folder)),
                terminal,
                columns,
                false,
                terminalImages);
        int status = Main.run(args, context);
        context.err().flush();
        return new Ran(status, written.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    /** A stream that fails after {@code afterBytes} bytes, like a broken pipe or a full disk. */
    public static OutputStream breaking(int afterBytes, String message) {
        return new OutputStream() {
            private int left = afterBytes;

            @Override
            public void write(int b) throws IOException {
                if (left-- <= 0) throw new IOException(message);
            }
        };
    }
}
